/**
 * Swin, one definition for full precision and binary: patches, stages of blocks with windowed attention, a merging of neighbouring
 * tokens between stages, and a head on the mean of the tokens.
 *
 * Source: Liu et al., arXiv 2103.14030; binary as in Bi-ViT, arXiv 2305.12354. Names are timm's.
 */
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import { layoutKeys, layoutRows, tokensOfRows } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { blockLayout, swinStages, type SwinConfig, type SwinStage } from '@/models/architectures/swin/config';
import { applyAttention } from '@/models/layers/attention';
import { applyBlock, readBlock, type BlockLayers } from '@/models/layers/block';
import { applyLayerNorm, readLayerNorm } from '@/models/layers/layer-norm';
import { multiplyRows, readLinear } from '@/models/layers/linear';
import { applyPatchEmbed, readPatchEmbed } from '@/models/layers/patch-embed';
import { applyPatchMerging, readPatchMerging, type PatchMerging } from '@/models/layers/patch-merging';
import {
  mergeWindows,
  partitionWindows,
  positionBias,
  relativePositionIndex,
  shiftMask,
  type WindowedLayout,
} from '@/models/layers/window';
import type { Block, Parts, QuantizationOfLayer } from '@/models/model';
import {
  blockSpec,
  classifierSpec,
  floats,
  mergeSpec,
  normSpec,
  patchSpec,
  type AttentionView,
} from '@/models/packed-layers';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Quantization } from '@/models/quantization';
import type { Recorder } from '@/models/recorder';

/**
 * @param quantization of the patch merging
 * @param ofLayer of each block, counted across stages
 * @throws CheckpointError
 */
export function readSwin(
  reader: ParameterReader,
  config: SwinConfig,
  quantization: Quantization,
  ofLayer: QuantizationOfLayer,
): Parts {
  const { embedDim, normEps, numClasses } = config;
  const stages = swinStages(config);
  const width = stages.at(-1)?.embedDim ?? embedDim;
  const patches = reader.in('patchEmbed');
  const patchEmbed = readPatchEmbed(patches, config);
  const embedNorm = readLayerNorm(patches.in('norm'), embedDim, normEps);
  const biasRowsOf = sharedBiasRows(reader);
  let layers = 0;
  const parts = stages.flatMap((stage, s): readonly Part[] => {
    const blocks = Array.from({ length: stage.depth }, (_, b) =>
      blockPart(readSwinBlock(reader, `layers.${s}.blocks.${b}`, config, stage, b, ofLayer(layers++), biasRowsOf)),
    );
    if (s + 1 === stages.length) return blocks;
    const name = `layers.${s}.downsample`;
    return [...blocks, mergePart(name, readPatchMerging(reader.in(name), { ...stage, normEps }, quantization))];
  });
  const norm = readLayerNorm(reader.in('norm'), width, normEps);
  const head = readLinear(reader.in('head'), { from: width, to: numClasses }, null);
  return {
    embed: (images, recorder) => {
      const tokens = applyPatchEmbed(images, patchEmbed); // [B, N, C]
      return recorder.record('tokens', applyLayerNorm(tokens, embedNorm));
    },
    blocks: parts.map(({ block }) => block),
    classify: (x, recorder) => {
      const normalized = recorder.record('norm', applyLayerNorm(x, norm)); // [B, N, C]
      return recorder.record('logits', multiplyRows(tf.mean<tf.Tensor2D>(normalized, 1), head)); // [B, numClasses]
    },
    packedSpec: () => ({
      embed: {
        ...patchSpec(patchEmbed, config),
        first: new Float32Array(0),
        positions: null,
        norm: normSpec(embedNorm),
      },
      parts: parts.map(({ spec }) => spec()),
      classify: classifierSpec(norm, [head], true),
    }),
  };
}

/** A transformer block or a patch merging. */
interface Part {
  readonly block: Block;
  readonly spec: () => ForwardSpec['parts'][number];
}

function mergePart(name: string, merging: PatchMerging): Part {
  const run: Block['run'] = (x, recorder) => recorder.record('output', applyPatchMerging(x, merging));
  return { block: { name, quantizers: null, attention: null, run }, spec: () => mergeSpec(name, merging) };
}

function blockPart(block: SwinBlock): Part {
  const { name, attn, layout } = block;
  const run: Block['run'] = (x, recorder) => runBlock(x, block, recorder);
  return {
    block: { name, quantizers: attn, attention: { heads: attn.numHeads, layout }, run },
    spec: () => blockSpec(block, viewOf(block)),
  };
}

interface SwinBlock extends BlockLayers {
  readonly layout: WindowedLayout;
  readonly biasTable: tf.Tensor2D; // [(2w - 1)^2, H]
  /** Row of the table for each pair of tokens of a window, one-hot. */
  readonly biasRows: tf.Tensor2D; // [n * n, (2w - 1)^2]
  readonly mask: tf.Tensor4D | null; // [windows, 1, n, n]
}

function readSwinBlock(
  reader: ParameterReader,
  name: string,
  { normEps, mlpRatio }: SwinConfig,
  stage: SwinStage,
  index: number,
  quantization: Quantization,
  biasRowsOf: (windowSize: number) => tf.Tensor2D,
): SwinBlock {
  const { embedDim, numHeads, windowSize } = stage;
  const block = reader.in(name);
  const attn = block.in('attn');
  const why = 'Follows from the size of the windows; the forward computes it.';
  attn.ignore('relativePositionIndex', why);
  block.ignore('attnMask', why);
  const size = { embedDim, numHeads, mlpRatio, normEps, qkNormEps: normEps };
  const layout = blockLayout(stage, index);
  return {
    ...readBlock(reader, name, size, { ...quantization, qkNorm: false }), // no norms on q and k: FACTS 3
    layout,
    biasTable: attn.parameter<tf.Rank.R2>('relativePositionBiasTable', [(2 * windowSize - 1) ** 2, numHeads]),
    biasRows: biasRowsOf(windowSize),
    mask: layout.window.shift === 0 ? null : reader.made(() => maskOf(layout)),
  };
}

/** One-hot rows for each window size, shared by its blocks: 44 MB for 12 x 12 tokens. */
function sharedBiasRows(reader: ParameterReader): (windowSize: number) => tf.Tensor2D {
  const known = new Map<number, tf.Tensor2D>();
  return (windowSize) => {
    const size = (2 * windowSize - 1) ** 2;
    const rows = known.get(windowSize) ?? reader.made(() => oneHotRows(relativePositionIndex(windowSize), size));
    known.set(windowSize, rows);
    return rows;
  };
}

function oneHotRows(index: Int32Array, size: number): tf.Tensor2D {
  const rows = new Float32Array(index.length * size);
  index.forEach((column, row) => (rows[row * size + column] = 1));
  return tf.tensor2d(rows, [index.length, size]);
}

/** [windows, 1, n, n] */
function maskOf(layout: WindowedLayout): tf.Tensor4D {
  const tokens = layoutKeys(layout);
  const mask = shiftMask(layout) ?? [];
  return tf.tensor4d(mask, [mask.length / tokens ** 2, 1, tokens, tokens]);
}

function runBlock(x: tf.Tensor3D, block: SwinBlock, recorder: Recorder): tf.Tensor3D {
  return applyBlock(x, block, recorder, (y) => {
    const windows = partitionWindows(y, block.layout); // [B * windows, n, C]
    const attended = applyAttention(windows, block.attn, recorder, scoreBias(block, windows.shape[0]));
    return mergeWindows(recorder.record('out', attended), block.layout); // [B, N, C]
  });
}

/** Position bias and, where the windows are shifted, the mask. [1 or B * windows, H, n, n] */
function scoreBias({ biasTable, biasRows, mask }: SwinBlock, windows: number): tf.Tensor4D {
  const bias = positionBias(biasTable, biasRows); // [1, H, n, n]
  if (mask === null) return bias;
  return tf.add(tf.tile(mask, [windows / mask.shape[0], 1, 1, 1]), bias); // [B * windows, H, n, n]
}

function viewOf({ layout, biasTable, biasRows, mask }: SwinBlock): AttentionView {
  const tokens = layoutKeys(layout);
  const bias = positionBias(biasTable, biasRows); // [1, H, n, n]
  return {
    windows: layoutRows(layout) / tokens,
    tokens,
    order: tokensOfRows(layout),
    bias: floats(mask === null ? bias : tf.add(mask, bias)),
  };
}
