/**
 * DeiT, one definition for full precision and binary: patches and class tokens, `depth` blocks, one or two heads.
 * The quantization decides what the layers do inside; nothing here knows about bits.
 *
 * Source: Touvron et al., arXiv 2012.12877; binary as in Bi-ViT, arXiv 2305.12354. Names are timm's.
 */
import { tf } from '@/lib/tf';
import { deitLayout, numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import type { Quantization } from '@/models/quantization';
import { applyAttention, readAttention } from '@/models/layers/attention';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import { multiplyRows, readLinear, type Linear } from '@/models/layers/linear';
import { applyMlp, readMlp } from '@/models/layers/mlp';
import { applyPatchEmbed, readPatchEmbed, type PatchEmbed } from '@/models/layers/patch-embed';
import type { ForwardParts, QuantizationOfLayer } from '@/models/model';
import type { BlockLayers } from '@/models/packed-block';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';

/** The parameters of a DeiT, layer by layer. */
export interface DeitLayers {
  readonly embedding: DeitEmbedding;
  readonly blocks: readonly BlockLayers[];
  readonly classifier: DeitClassifier;
}

/** @throws CheckpointError */
export function readDeit(
  reader: ParameterReader,
  config: DeitConfig,
  ofLayer: QuantizationOfLayer,
): ForwardParts & { readonly layers: DeitLayers } {
  const embedding = readEmbedding(reader, config);
  const blocks = Array.from({ length: config.depth }, (_, i) => readBlock(reader, `blocks.${i}`, config, ofLayer(i)));
  const classifier = readClassifier(reader, config);
  return {
    layers: { embedding, blocks, classifier },
    embed: (images, recorder) => runEmbedding(images, embedding, recorder),
    blocks: blocks.map((block) => ({
      name: block.name,
      quantizers: block.attn,
      attention: { heads: config.numHeads, layout: deitLayout(config) },
      run: (x, recorder) => runBlock(x, block, recorder),
    })),
    classify: (x, recorder) => runClassifier(x, classifier, recorder),
  };
}

export interface DeitEmbedding {
  readonly patchEmbed: PatchEmbed;
  /** cls, or cls and dist. */
  readonly classTokens: readonly tf.Tensor3D[]; // [1, 1, C]
  readonly posEmbed: tf.Tensor3D; // [1, N, C]
}

function readEmbedding(reader: ParameterReader, config: DeitConfig): DeitEmbedding {
  const { embedDim, distilled } = config;
  const names = distilled ? ['clsToken', 'distToken'] : ['clsToken'];
  return {
    patchEmbed: readPatchEmbed(reader.in('patchEmbed'), config),
    classTokens: names.map((name) => reader.parameter<tf.Rank.R3>(name, [1, 1, embedDim])),
    posEmbed: reader.parameter<tf.Rank.R3>('posEmbed', [1, numTokens(config), embedDim]),
  };
}

/** tokens = [cls, (dist,) patches] + position */
function runEmbedding(images: tf.Tensor4D, p: DeitEmbedding, recorder: Recorder): tf.Tensor3D {
  const patches = applyPatchEmbed(images, p.patchEmbed); // [B, patches, C]
  const classTokens = p.classTokens.map((token) => tf.tile(token, [images.shape[0], 1, 1])); // [B, 1, C] each
  const tokens = tf.concat([...classTokens, patches], 1); // [B, N, C]
  return recorder.record('tokens', tf.add(tokens, p.posEmbed));
}

function readBlock(root: ParameterReader, name: string, config: DeitConfig, quantization: Quantization): BlockLayers {
  const reader = root.in(name);
  return {
    name,
    norm1: readLayerNorm(reader.in('norm1'), config.embedDim, config.normEps),
    attn: readAttention(reader.in('attn'), config, quantization),
    norm2: readLayerNorm(reader.in('norm2'), config.embedDim, config.normEps),
    mlp: readMlp(reader.in('mlp'), config, quantization),
  };
}

/** x += attn(norm1(x));  x += mlp(norm2(x)) */
function runBlock(x: tf.Tensor3D, p: BlockLayers, recorder: Recorder): tf.Tensor3D {
  const attended = recorder.record('out', applyAttention(applyLayerNorm(x, p.norm1), p.attn, recorder));
  const middle = tf.add<tf.Tensor3D>(x, attended);
  return recorder.record('output', tf.add(middle, applyMlp(applyLayerNorm(middle, p.norm2), p.mlp, recorder)));
}

interface DeitClassifier {
  readonly norm: LayerNorm;
  /** One for each class token, in their order. */
  readonly heads: readonly Linear[];
}

function readClassifier(reader: ParameterReader, config: DeitConfig): DeitClassifier {
  const { embedDim, normEps, numClasses, distilled } = config;
  const names = distilled ? ['head', 'headDist'] : ['head'];
  return {
    norm: readLayerNorm(reader.in('norm'), embedDim, normEps),
    heads: names.map((name) => readLinear(reader.in(name), { from: embedDim, to: numClasses }, null)),
  };
}

/** The mean of the heads' logits, each from its own class token. */
function runClassifier(x: tf.Tensor3D, p: DeitClassifier, recorder: Recorder): tf.Tensor2D {
  const [batch, , channels] = x.shape;
  const normalized = recorder.record('norm', applyLayerNorm(x, p.norm));
  const votes = p.heads.map((head, i) => {
    const token = tf.reshape<tf.Rank.R2>(tf.slice(normalized, [0, i, 0], [batch, 1, channels]), [batch, channels]); // [B, C]
    return multiplyRows(token, head); // [B, numClasses]
  });
  return recorder.record('logits', tf.div(tf.addN(votes), votes.length));
}
