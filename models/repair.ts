/**
 * A causal experiment: replace a student's attention in some heads by another model's and run the rest of the student.
 *
 * Each patch is one element of a batch of the same image, so a whole map of layers and heads takes a single forward. The replacement
 * is integers and a scale for each head, like a quantizer's output: the sum comes first, the scale after. A real-valued map (the
 * teacher's) is its own "integers", with a scale of 1.
 *
 * Source: activation patching as in Vig et al., NeurIPS 2020, arXiv 2004.12265, here on the attention of single heads.
 */
import { layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { imageBatch } from '@/models/image-batch';
import { attentionBlocks, type AttentionBlock, type AttentionShape, type Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';
import type { Trace } from '@/models/trace';

/** Whether to replace the attention of this head. */
export type Patch = (layer: number, head: number) => boolean;

export const NONE: Patch = () => false;
export const ALL: Patch = () => true;

/** Replaces the attention of one layer: scale * integers; the M keys of a row are those of its window where there are windows. */
export interface Replacement {
  readonly integers: Float32Array; // [H, N, M]
  readonly scale: Float32Array; // [H]
}

/** The softmaxed attention of a trace, layer by layer, in full precision. */
export function attentionOf({ layers }: Trace): readonly Replacement[] {
  return layers.map(({ attention, heads }) => ({ integers: attention, scale: new Float32Array(heads).fill(1) }));
}

/** Logits [numClasses] of the student after each repair. */
export interface RepairMap {
  /** The student as it is. */
  readonly none: Float32Array;
  readonly heads: readonly (readonly Float32Array[])[]; // [L][H of the layer]
  readonly layers: readonly Float32Array[]; // [L]
  readonly all: Float32Array;
}

/** Of one forward: small enough to report progress and to be cancelled in between. */
const MAX_TOKENS = 1200;

/**
 * Repairs every head, every layer and everything with the teacher's attention to the same image.
 *
 * Costs 2 + L images and one for each head of each layer, in as few forwards as their tokens allow.
 *
 * @param step awaited between forwards; what it throws ends the experiment
 * @throws RangeError, Error as `runPatched`
 */
export async function repairMap(
  student: Model,
  image: Float32Array,
  teacher: Trace,
  step: (done: number, total: number) => Promise<void> = () => Promise.resolve(),
): Promise<RepairMap> {
  const shapes = attentionBlocks(student.blocks).map(({ attention }) => attention);
  const ofLayers = shapes.map(
    (_, layer): Patch =>
      (each) =>
        each === layer,
  );
  const ofHeads = shapes.flatMap(({ heads }, layer) =>
    Array.from(
      { length: heads },
      (_, head): Patch =>
        (...each) =>
          each[0] === layer && each[1] === head,
    ),
  );
  const patches = [NONE, ALL, ...ofLayers, ...ofHeads];
  const replacements = attentionOf(teacher);
  const mostTokens = Math.max(1, ...shapes.map(({ layout }) => layoutRows(layout)));
  const size = Math.max(1, Math.floor(MAX_TOKENS / mostTokens));
  const found: Float32Array[] = [];
  for (let start = 0; start < patches.length; start += size) {
    await step(start, patches.length);
    found.push(...(await runPatched(student, image, replacements, patches.slice(start, start + size))));
  }
  const [none, all, ...rest] = found;
  if (none === undefined || all === undefined) throw new Error('The student gave too few results.');
  const ofHead = rest.slice(shapes.length);
  let next = 0;
  return {
    none,
    all,
    layers: rest.slice(0, shapes.length),
    heads: shapes.map(({ heads }) => ofHead.slice(next, (next += heads))),
  };
}

/**
 * Runs the image through the student once for each patch, all in one forward.
 *
 * Without a patch the logits are the student's own, bit for bit; likewise when its own integers and scales are the replacement.
 *
 * @param image normalized, row-major [channels, size, size]
 * @param replacements one for each layer
 * @returns logits [numClasses] for each patch
 * @throws RangeError when the image or a replacement is not of the model's size
 * @throws Error when the model's attention is not quantized
 */
export async function runPatched(
  student: Model,
  image: Float32Array,
  replacements: readonly Replacement[],
  patches: readonly Patch[],
): Promise<readonly Float32Array[]> {
  const { numClasses } = student.config;
  checkSizes(student, replacements);
  const logits = tf.tidy(() => {
    const batch = tf.tile(imageBatch([image], student.config), [patches.length, 1, 1, 1]); // [P, channels, size, size]
    return student.forward(batch, replacing(student, replacements, patches));
  });
  try {
    const data = await logits.data();
    return patches.map((_, i) => Float32Array.from(data.subarray(i * numClasses, (i + 1) * numClasses)));
  } finally {
    logits.dispose();
  }
}

function replacing({ blocks }: Model, replacements: readonly Replacement[], patches: readonly Patch[]): Recorder {
  const layers = attentionBlocks(blocks);
  const layerOf = new Map(layers.map(({ name }, layer) => [`${name}.attention_binary`, layer]));
  return {
    record: (_stage, tensor) => tensor,
    intervene: (stage, own) => {
      const layer = layerOf.get(stage) ?? -1;
      const replacement = replacements[layer];
      const shape = layers[layer]?.attention;
      if (replacement === undefined || shape === undefined) return own;
      const heads = Array.from({ length: shape.heads }, (_, head) => head);
      const mask = Float32Array.from(patches.flatMap((patch) => heads.map((head) => Number(patch(layer, head))))); // [P, H]
      return mix(own, replacement, mask, shape);
    },
  };
}

/**
 * The model has windows in front, [P W, H, n, n]; here an image's windows and heads are one axis, [P, W H, n, n], so that the mask of
 * each patch is a column. Without windows W is 1 and nothing changes.
 *
 * Weights of 0 and 1 keep the chosen values exactly; `tf.where` with a broadcast is several times slower on wasm.
 */
function mix(
  own: Quantized,
  replacement: Replacement,
  mask: Float32Array,
  { heads, layout }: AttentionShape,
): Quantized {
  if (own.levels === null) throw new Error('Only a quantized attention can be repaired; this model is real-valued.');
  const images = mask.length / heads;
  const keys = layoutKeys(layout);
  const windows = layoutRows(layout) / keys;
  const columns = windows * heads;
  /** [1 or P, H or W H, ...] -> [1 or P, W H, ...] */
  const eachWindow = (x: tf.Tensor4D): tf.Tensor4D =>
    x.shape[1] === columns ? x : tf.tile<tf.Tensor4D>(x, [1, windows, 1, 1]);
  const isPatched = eachWindow(tf.tensor4d(mask, [images, heads, 1, 1])); // [P, W H, 1, 1]
  const isKept = tf.sub(1, isPatched);
  const choose = (ours: tf.Tensor4D, theirs: tf.Tensor4D): tf.Tensor4D =>
    tf.add(tf.mul(ours, isKept), tf.mul(theirs, isPatched));
  const byWindow = tf.transpose(tf.tensor4d(replacement.integers, [heads, windows, keys, keys]), [1, 0, 2, 3]);
  const theirs = tf.reshape<tf.Rank.R4>(byWindow, [1, columns, keys, keys]);
  const ours = tf.reshape<tf.Rank.R4>(own.levels.integers, [images, columns, keys, keys]);
  const ownScale = own.levels.scale; // [1 or P W, H, 1, 1]
  const ourScale =
    ownScale.shape[0] === 1 ? eachWindow(ownScale) : tf.reshape<tf.Rank.R4>(ownScale, [images, columns, 1, 1]);
  const theirScale = eachWindow(tf.tensor4d(replacement.scale, [1, heads, 1, 1]));
  const back = (x: tf.Tensor4D, size: number): tf.Tensor4D => tf.reshape(x, [images * windows, heads, size, size]);
  const integers = back(choose(ours, theirs), keys);
  const scale = back(choose(ourScale, theirScale), 1);
  return { value: tf.mul<tf.Tensor4D>(scale, integers), levels: { integers, scale } };
}

function checkSizes({ blocks }: Model, replacements: readonly Replacement[]): void {
  // 0 times an infinite value is NaN.
  if (!replacements.every((each) => Object.values(each).every((values: Float32Array) => values.every(Number.isFinite))))
    throw new RangeError('The replacement of the attention holds NaN or infinite values.');
  const layers = attentionBlocks(blocks);
  const fits = ({ attention: { heads, layout } }: AttentionBlock, layer: number): boolean =>
    replacements[layer]?.integers.length === heads * layoutRows(layout) * layoutKeys(layout) &&
    replacements[layer]?.scale.length === heads;
  if (replacements.length !== layers.length || !layers.every(fits))
    throw new RangeError(`The replacement does not fit the model’s ${layers.length} layers of attention.`);
}
