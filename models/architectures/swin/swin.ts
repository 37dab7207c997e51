/**
 * Swin, one definition for full precision and binary: patches, stages of blocks that look through windows, and between stages a
 * merging of neighbours; the mean over tokens decides.
 *
 * Source: Liu et al., arXiv 2103.14030; binary as in Bi-ViT, arXiv 2305.12354. Names are timm's.
 */
import { tf } from '@/lib/tf';
import type { Quantization } from '@/models/quantization';
import { applyAttention, readAttention, type Attention } from '@/models/layers/attention';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import { multiplyRows, readLinear, type Linear } from '@/models/layers/linear';
import { applyMlp, readMlp, type Mlp } from '@/models/layers/mlp';
import { applyPatchEmbed, readPatchEmbed, type PatchEmbed } from '@/models/layers/patch-embed';
import { applyPatchMerging, readPatchMerging, type PatchMerging } from '@/models/layers/patch-merging';
import {
  mergeWindows,
  partitionWindows,
  positionBias,
  relativePositionIndex,
  shiftMask,
  windowedLayout,
  type WindowLayout,
} from '@/models/layers/window';
import type { ForwardParts, QuantizationOfLayer } from '@/models/model';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';
import { swinStages, windowShift, type SwinConfig, type SwinStage } from '@/models/architectures/swin/config';

/** The parameters of a Swin, layer by layer. */
export interface SwinLayers {
  readonly embedding: SwinEmbedding;
  readonly parts: readonly SwinPart[];
  readonly classifier: SwinClassifier;
}

export interface SwinParts extends ForwardParts {
  readonly layers: SwinLayers;
}

export type SwinPart =
  | { readonly kind: 'block'; readonly name: string; readonly block: SwinBlock }
  | { readonly kind: 'merge'; readonly name: string; readonly merging: PatchMerging };

/**
 * @param quantization that of the patch merging
 * @param ofLayer that of each block, counted across stages
 * @throws CheckpointError
 */
export function readSwin(
  reader: ParameterReader,
  config: SwinConfig,
  quantization: Quantization,
  ofLayer: QuantizationOfLayer,
): SwinParts {
  const embedding = readEmbedding(reader.in('patchEmbed'), config);
  const stages = swinStages(config);
  const biasRows = new Map<number, tf.Tensor2D>();
  let layers = 0;
  const parts = stages.flatMap((stage, s): readonly SwinPart[] => {
    const inside = Array.from({ length: stage.depth }, (_, b) => readBlock(`layers.${s}.blocks.${b}`, stage, b));
    return s + 1 < stages.length ? [...inside, readDownsample(`layers.${s}.downsample`, stage)] : inside;
  });
  const classifier = readClassifier(reader, config, stages.at(-1)?.embedDim ?? config.embedDim);
  return {
    layers: { embedding, parts, classifier },
    embed: (images, recorder) => runEmbedding(images, embedding, recorder),
    blocks: parts.map((part) => ({
      name: part.name,
      quantizers: part.kind === 'block' ? part.block.attn : null,
      attention:
        part.kind === 'block' ? { heads: part.block.attn.numHeads, layout: windowedLayout(part.block.layout) } : null,
      run: (x, recorder) => runPart(x, part, recorder),
    })),
    classify: (x, recorder) => runClassifier(x, classifier, recorder),
  };

  function readBlock(name: string, stage: SwinStage, index: number): SwinPart {
    const layout = { ...stage, shift: windowShift(stage, index) };
    const own = ofLayer(layers++);
    return { kind: 'block', name, block: readSwinBlock(reader.in(name), config, stage, layout, own, biasRowsOf) };
  }

  /** Windows of one size share theirs: of 12 x 12 tokens it takes 44 MB. */
  function biasRowsOf(windowSize: number): tf.Tensor2D {
    const rows = (2 * windowSize - 1) ** 2;
    const known = biasRows.get(windowSize) ?? reader.made(() => oneHotRows(relativePositionIndex(windowSize), rows));
    biasRows.set(windowSize, known);
    return known;
  }

  function readDownsample(name: string, stage: SwinStage): SwinPart {
    const size = { ...stage, normEps: config.normEps };
    return { kind: 'merge', name, merging: readPatchMerging(reader.in(name), size, quantization) };
  }
}

function runPart(x: tf.Tensor3D, part: SwinPart, recorder: Recorder): tf.Tensor3D {
  switch (part.kind) {
    case 'block':
      return runBlock(x, part.block, recorder);
    case 'merge':
      return recorder.record('output', applyPatchMerging(x, part.merging));
  }
}

export interface SwinEmbedding {
  readonly patchEmbed: PatchEmbed;
  readonly norm: LayerNorm;
}

function readEmbedding(reader: ParameterReader, config: SwinConfig): SwinEmbedding {
  return {
    patchEmbed: readPatchEmbed(reader, config),
    norm: readLayerNorm(reader.in('norm'), config.embedDim, config.normEps),
  };
}

function runEmbedding(images: tf.Tensor4D, { patchEmbed, norm }: SwinEmbedding, recorder: Recorder): tf.Tensor3D {
  return recorder.record('tokens', applyLayerNorm(applyPatchEmbed(images, patchEmbed), norm)); // [B, N, C]
}

export interface SwinBlock {
  readonly layout: WindowLayout;
  readonly norm1: LayerNorm;
  readonly attn: Attention;
  readonly biasTable: tf.Tensor2D; // [(2w - 1)^2, H]
  /** Row of the table for each pair of a window, one-hot. */
  readonly biasRows: tf.Tensor2D; // [n * n, (2w - 1)^2]
  readonly mask: tf.Tensor4D | null; // [windows, 1, n, n]
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
}

function readSwinBlock(
  reader: ParameterReader,
  { normEps, mlpRatio }: SwinConfig,
  { embedDim, numHeads }: SwinStage,
  layout: WindowLayout,
  quantization: Quantization,
  biasRowsOf: (windowSize: number) => tf.Tensor2D,
): SwinBlock {
  const attn = reader.in('attn');
  const why = 'Follows from the size of the windows; the forward computes it.';
  attn.ignore('relativePositionIndex', why);
  reader.ignore('attnMask', why);
  const { windowSize } = layout;
  const rows = (2 * windowSize - 1) ** 2;
  return {
    layout,
    norm1: readLayerNorm(reader.in('norm1'), embedDim, normEps),
    // Swin has no norms on q and k: FACTS 3.
    attn: readAttention(attn, { embedDim, numHeads, qkNormEps: normEps }, { ...quantization, qkNorm: false }),
    biasTable: attn.parameter<tf.Rank.R2>('relativePositionBiasTable', [rows, numHeads]),
    biasRows: biasRowsOf(windowSize),
    mask: layout.shift === 0 ? null : reader.made(() => maskOf(layout)),
    norm2: readLayerNorm(reader.in('norm2'), embedDim, normEps),
    mlp: readMlp(reader.in('mlp'), { embedDim, mlpRatio }, quantization),
  };
}

/** Of windows that are moved. [windows, 1, n, n] */
function maskOf(layout: WindowLayout): tf.Tensor4D {
  const tokens = layout.windowSize ** 2;
  const mask = shiftMask(layout) ?? [];
  return tf.tensor4d(mask, [mask.length / tokens ** 2, 1, tokens, tokens]);
}

/** x += attn(norm1(x)) through windows;  x += mlp(norm2(x)) */
function runBlock(x: tf.Tensor3D, p: SwinBlock, recorder: Recorder): tf.Tensor3D {
  const windows = partitionWindows(applyLayerNorm(x, p.norm1), p.layout); // [B * windows, n, C]
  const attended = recorder.record('out', applyAttention(windows, p.attn, recorder, scoreBias(p, windows.shape[0])));
  const middle = tf.add<tf.Tensor3D>(x, mergeWindows(attended, p.layout)); // [B, N, C]
  return recorder.record('output', tf.add(middle, applyMlp(applyLayerNorm(middle, p.norm2), p.mlp, recorder)));
}

/** Position bias and, where the windows are moved, the mask. [1 or B * windows, H, n, n] */
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

export interface SwinClassifier {
  readonly norm: LayerNorm;
  readonly head: Linear;
}

function readClassifier(reader: ParameterReader, { normEps, numClasses }: SwinConfig, width: number): SwinClassifier {
  return {
    norm: readLayerNorm(reader.in('norm'), width, normEps),
    head: readLinear(reader.in('head'), { from: width, to: numClasses }, null),
  };
}

/** The head, of the mean over tokens. */
function runClassifier(x: tf.Tensor3D, { norm, head }: SwinClassifier, recorder: Recorder): tf.Tensor2D {
  const normalized = recorder.record('norm', applyLayerNorm(x, norm)); // [B, N, C]
  return recorder.record('logits', multiplyRows(tf.mean<tf.Tensor2D>(normalized, 1), head)); // [B, numClasses]
}
