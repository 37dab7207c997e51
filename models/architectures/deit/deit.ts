/**
 * DeiT, one definition for full precision and binary: patches and class tokens, `depth` blocks, one or two heads.
 * The quantization decides what the layers do inside.
 *
 * Source: Touvron et al., arXiv 2012.12877; binary as in Bi-ViT, arXiv 2305.12354. Names are timm's.
 */
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import { tf } from '@/lib/tf';
import { deitLayout, numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { applyAttention } from '@/models/layers/attention';
import { applyBlock, readBlock, type BlockLayers } from '@/models/layers/block';
import { applyLayerNorm, readLayerNorm } from '@/models/layers/layer-norm';
import { multiplyRows, readLinear, type Linear } from '@/models/layers/linear';
import { applyPatchEmbed, readPatchEmbed, type PatchEmbed } from '@/models/layers/patch-embed';
import type { Parts, QuantizationOfLayer } from '@/models/model';
import { blockSpec, classifierSpec, floats, patchSpec } from '@/models/packed-layers';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';

/** @throws CheckpointError */
export function readDeit(reader: ParameterReader, config: DeitConfig, ofLayer: QuantizationOfLayer): Parts {
  const { depth, embedDim, numHeads, numClasses, distilled, normEps } = config;
  const embedding = readEmbedding(reader, config);
  const blocks = Array.from({ length: depth }, (_, i) => readBlock(reader, `blocks.${i}`, config, ofLayer(i)));
  const norm = readLayerNorm(reader.in('norm'), embedDim, normEps);
  // One for each class token, in their order.
  const heads = (distilled ? ['head', 'headDist'] : ['head']).map((name) =>
    readLinear(reader.in(name), { from: embedDim, to: numClasses }, null),
  );
  return {
    embed: (images, recorder) => runEmbedding(images, embedding, recorder),
    blocks: blocks.map((block) => ({
      name: block.name,
      quantizers: block.attn,
      attention: { heads: numHeads, layout: deitLayout(config) },
      run: (x, recorder) => runBlock(x, block, recorder),
    })),
    classify: (x, recorder) => {
      const normalized = recorder.record('norm', applyLayerNorm(x, norm)); // [B, N, C]
      return recorder.record('logits', meanOfHeads(normalized, heads));
    },
    packedSpec: () => ({
      embed: embedSpec(embedding, config),
      parts: blocks.map((block) =>
        blockSpec(block, { windows: 1, tokens: numTokens(config), order: null, bias: null }),
      ),
      classify: classifierSpec(norm, heads, false),
    }),
  };
}

interface Embedding {
  readonly patchEmbed: PatchEmbed;
  /** cls, or cls and dist. */
  readonly classTokens: readonly tf.Tensor3D[]; // [1, 1, C]
  readonly posEmbed: tf.Tensor3D; // [1, N, C]
}

function readEmbedding(reader: ParameterReader, config: DeitConfig): Embedding {
  const { embedDim, distilled } = config;
  const names = distilled ? ['clsToken', 'distToken'] : ['clsToken'];
  return {
    patchEmbed: readPatchEmbed(reader.in('patchEmbed'), config),
    classTokens: names.map((name) => reader.parameter<tf.Rank.R3>(name, [1, 1, embedDim])),
    posEmbed: reader.parameter<tf.Rank.R3>('posEmbed', [1, numTokens(config), embedDim]),
  };
}

/** tokens = [cls, (dist,) patches] + position */
function runEmbedding(images: tf.Tensor4D, p: Embedding, recorder: Recorder): tf.Tensor3D {
  const patches = applyPatchEmbed(images, p.patchEmbed); // [B, patches, C]
  const classTokens = p.classTokens.map((token) => tf.tile(token, [images.shape[0], 1, 1])); // [B, 1, C] each
  const tokens = tf.concat([...classTokens, patches], 1); // [B, N, C]
  return recorder.record('tokens', tf.add(tokens, p.posEmbed));
}

function embedSpec({ patchEmbed, classTokens, posEmbed }: Embedding, config: DeitConfig): ForwardSpec['embed'] {
  const [, tokens, width] = posEmbed.shape;
  const first = classTokens.length;
  const classPositions = tf.slice(posEmbed, [0, 0, 0], [1, first, width]);
  return {
    ...patchSpec(patchEmbed, config),
    first: floats(tf.add(tf.concat([...classTokens], 1), classPositions)),
    positions: floats(tf.slice(posEmbed, [0, first, 0], [1, tokens - first, width])),
    norm: null,
  };
}

function runBlock(x: tf.Tensor3D, block: BlockLayers, recorder: Recorder): tf.Tensor3D {
  return applyBlock(x, block, recorder, (y) => recorder.record('out', applyAttention(y, block.attn, recorder)));
}

/** Each head sees its own class token. [B, N, C] -> [B, numClasses] */
function meanOfHeads(x: tf.Tensor3D, heads: readonly Linear[]): tf.Tensor2D {
  const [batch, , channels] = x.shape;
  const votes = heads.map((head, i) => {
    const token = tf.reshape<tf.Rank.R2>(tf.slice(x, [0, i, 0], [batch, 1, channels]), [batch, channels]); // [B, C]
    return multiplyRows(token, head); // [B, numClasses]
  });
  return tf.div(tf.addN(votes), votes.length);
}
