/**
 * Swin, one definition for full precision and binary: patches, stages of blocks with windowed attention, a merging of neighbouring
 * tokens between stages, and a head on the mean of the tokens.
 *
 * Source: Liu et al., arXiv 2103.14030; binary as in Bi-ViT, arXiv 2305.12354. Names are timm's.
 */
import { tf } from '@/lib/tf';
import type { Quantization } from '@/models/quantization';
import { applyAttention, readAttention } from '@/models/layers/attention';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import { multiplyRows, readLinear, type Linear } from '@/models/layers/linear';
import { applyMlp, readMlp } from '@/models/layers/mlp';
import { applyPatchEmbed, readPatchEmbed, type PatchEmbed } from '@/models/layers/patch-embed';
import { applyPatchMerging, readPatchMerging, type PatchMerging } from '@/models/layers/patch-merging';
import {
  mergeWindows,
  partitionWindows,
  positionBias,
  relativePositionIndex,
  shiftMask,
  type WindowedLayout,
} from '@/models/layers/window';
import type { Block, ForwardParts, QuantizationOfLayer } from '@/models/model';
import type { BlockLayers } from '@/models/packed-block';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';
import { blockLayout, swinStages, type SwinConfig, type SwinStage } from '@/models/architectures/swin/config';

/** The parameters of a Swin, layer by layer. */
export interface SwinLayers {
  readonly embedding: { readonly patchEmbed: PatchEmbed; readonly norm: LayerNorm };
  readonly parts: readonly SwinPart[];
  readonly classifier: { readonly norm: LayerNorm; readonly head: Linear };
}

type SwinPart =
  | { readonly kind: 'block'; readonly name: string; readonly block: SwinBlock }
  | { readonly kind: 'merge'; readonly name: string; readonly merging: PatchMerging };

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
): ForwardParts & { readonly layers: SwinLayers } {
  const { embedDim, normEps, numClasses } = config;
  const stages = swinStages(config);
  const width = stages.at(-1)?.embedDim ?? embedDim;
  const biasRows = new Map<number, tf.Tensor2D>();
  let layers = 0;
  const patches = reader.in('patchEmbed');
  const embedding = {
    patchEmbed: readPatchEmbed(patches, config),
    norm: readLayerNorm(patches.in('norm'), embedDim, normEps),
  };
  const parts = stages.flatMap((stage, s): readonly SwinPart[] => {
    const blocks = Array.from({ length: stage.depth }, (_, b): SwinPart => {
      const name = `layers.${s}.blocks.${b}`;
      const own = ofLayer(layers++);
      return { kind: 'block', name, block: readSwinBlock(reader, name, config, stage, b, own, biasRowsOf) };
    });
    if (s + 1 === stages.length) return blocks;
    const name = `layers.${s}.downsample`;
    const merging = readPatchMerging(reader.in(name), { ...stage, normEps }, quantization);
    return [...blocks, { kind: 'merge', name, merging }];
  });
  const classifier = {
    norm: readLayerNorm(reader.in('norm'), width, normEps),
    head: readLinear(reader.in('head'), { from: width, to: numClasses }, null),
  };
  return {
    layers: { embedding, parts, classifier },
    embed: (images, recorder) => runEmbedding(images, embedding, recorder),
    blocks: parts.map(runnable),
    classify: (x, recorder) => runClassifier(x, classifier, recorder),
  };

  /** Shared by windows of one size: 44 MB for 12 x 12 tokens. */
  function biasRowsOf(windowSize: number): tf.Tensor2D {
    const rows = (2 * windowSize - 1) ** 2;
    const known = biasRows.get(windowSize) ?? reader.made(() => oneHotRows(relativePositionIndex(windowSize), rows));
    biasRows.set(windowSize, known);
    return known;
  }
}

function runnable(part: SwinPart): Block {
  const { name } = part;
  if (part.kind === 'merge') {
    const run: Block['run'] = (x, recorder) => recorder.record('output', applyPatchMerging(x, part.merging));
    return { name, quantizers: null, attention: null, run };
  }
  const { block } = part;
  const attention = { heads: block.attn.numHeads, layout: block.layout };
  return { name, quantizers: block.attn, attention, run: (x, recorder) => runBlock(x, block, recorder) };
}

function runEmbedding(images: tf.Tensor4D, p: SwinLayers['embedding'], recorder: Recorder): tf.Tensor3D {
  return recorder.record('tokens', applyLayerNorm(applyPatchEmbed(images, p.patchEmbed), p.norm)); // [B, N, C]
}

export interface SwinBlock extends BlockLayers {
  readonly layout: WindowedLayout;
  readonly biasTable: tf.Tensor2D; // [(2w - 1)^2, H]
  /** Row of the table for each pair of tokens of a window, one-hot. */
  readonly biasRows: tf.Tensor2D; // [n * n, (2w - 1)^2]
  readonly mask: tf.Tensor4D | null; // [windows, 1, n, n]
}

function readSwinBlock(
  root: ParameterReader,
  name: string,
  { normEps, mlpRatio }: SwinConfig,
  stage: SwinStage,
  index: number,
  quantization: Quantization,
  biasRowsOf: (windowSize: number) => tf.Tensor2D,
): SwinBlock {
  const { embedDim, numHeads, windowSize } = stage;
  const reader = root.in(name);
  const attn = reader.in('attn');
  const why = 'Follows from the size of the windows; the forward computes it.';
  attn.ignore('relativePositionIndex', why);
  reader.ignore('attnMask', why);
  const layout = blockLayout(stage, index);
  return {
    name,
    layout,
    norm1: readLayerNorm(reader.in('norm1'), embedDim, normEps),
    // Swin has no norms on q and k: FACTS 3.
    attn: readAttention(attn, { embedDim, numHeads, qkNormEps: normEps }, { ...quantization, qkNorm: false }),
    biasTable: attn.parameter<tf.Rank.R2>('relativePositionBiasTable', [(2 * windowSize - 1) ** 2, numHeads]),
    biasRows: biasRowsOf(windowSize),
    mask: layout.window.shift === 0 ? null : reader.made(() => maskOf(layout)),
    norm2: readLayerNorm(reader.in('norm2'), embedDim, normEps),
    mlp: readMlp(reader.in('mlp'), { embedDim, mlpRatio }, quantization),
  };
}

/** [windows, 1, n, n] */
function maskOf(layout: WindowedLayout): tf.Tensor4D {
  const tokens = layout.window.size ** 2;
  const mask = shiftMask(layout) ?? [];
  return tf.tensor4d(mask, [mask.length / tokens ** 2, 1, tokens, tokens]);
}

/** x += attn(norm1(x)) in windows;  x += mlp(norm2(x)) */
function runBlock(x: tf.Tensor3D, p: SwinBlock, recorder: Recorder): tf.Tensor3D {
  const windows = partitionWindows(applyLayerNorm(x, p.norm1), p.layout); // [B * windows, n, C]
  const attended = recorder.record('out', applyAttention(windows, p.attn, recorder, scoreBias(p, windows.shape[0])));
  const middle = tf.add<tf.Tensor3D>(x, mergeWindows(attended, p.layout)); // [B, N, C]
  return recorder.record('output', tf.add(middle, applyMlp(applyLayerNorm(middle, p.norm2), p.mlp, recorder)));
}

/** Position bias and, where the windows are shifted, the mask. [1 or B * windows, H, n, n] */
function scoreBias({ biasTable, biasRows, mask }: SwinBlock, windows: number): tf.Tensor4D {
  const bias = positionBias(biasTable, biasRows); // [1, H, n, n]
  if (mask === null) return bias;
  return tf.add(tf.tile(mask, [windows / mask.shape[0], 1, 1, 1]), bias); // [B * windows, H, n, n]
}

function oneHotRows(index: Int32Array, size: number): tf.Tensor2D {
  const rows = new Float32Array(index.length * size);
  index.forEach((column, row) => (rows[row * size + column] = 1));
  return tf.tensor2d(rows, [index.length, size]);
}

/** The head, of the mean over tokens. */
function runClassifier(x: tf.Tensor3D, { norm, head }: SwinLayers['classifier'], recorder: Recorder): tf.Tensor2D {
  const normalized = recorder.record('norm', applyLayerNorm(x, norm)); // [B, N, C]
  return recorder.record('logits', multiplyRows(tf.mean<tf.Tensor2D>(normalized, 1), head)); // [B, numClasses]
}
