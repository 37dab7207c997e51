/**
 * A causal experiment: somebody else's attention takes the place of a student's own, in some heads, and the student runs on.
 *
 * Every patch is one element of a batch of the same picture, so a whole map of layers and heads is a single forward. What stands in is
 * integers and a scale for each head, as a quantizer gives them, and takes the quantizer's place on the same path: the sum comes
 * first, the scale after. A real-valued map (the teacher's) is its own "integers", with a scale of 1.
 *
 * Source: activation patching as in Vig et al., NeurIPS 2020, arXiv 2004.12265, here on the attention of single heads.
 */
import { layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { attentionBlocks, requireImage, type AttentionBlock, type AttentionShape, type Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';
import type { Trace } from '@/models/trace';

/** Where the attention is replaced. */
export type Patch =
  | { readonly kind: 'none' }
  | { readonly kind: 'head'; readonly layer: number; readonly head: number }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'all' };

/** What replaces the attention of one layer: scale * integers; M keys a row, those of its window where there are windows. */
export interface StandIn {
  readonly integers: Float32Array; // [H, N, M]
  readonly scale: Float32Array; // [H]
}

/** The softmaxed attention of a trace, layer by layer, in full precision. */
export function attentionOf({ layers }: Trace): readonly StandIn[] {
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

/** Tokens of a batch: what one forward may hold at a time, so that whoever waits can be told how far it is, and stop it. */
const TOKENS_AT_A_TIME = 1200;

/**
 * Every head, every layer and everything repaired by the teacher's attention to the same picture.
 *
 * Costs forwards of 1 + L + 1 pictures and one for every head of every layer; of a small model all in one batch.
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
  const ofLayers = shapes.map((_, layer): Patch => ({ kind: 'layer', layer }));
  const ofHeads = shapes.flatMap(({ heads }, layer) =>
    Array.from({ length: heads }, (_, head): Patch => ({ kind: 'head', layer, head })),
  );
  const patches: readonly Patch[] = [{ kind: 'none' }, { kind: 'all' }, ...ofLayers, ...ofHeads];
  const standIns = attentionOf(teacher);
  const mostTokens = Math.max(1, ...shapes.map(({ layout }) => layoutRows(layout)));
  const size = Math.max(1, Math.floor(TOKENS_AT_A_TIME / mostTokens));
  const found: Float32Array[] = [];
  for (let start = 0; start < patches.length; start += size) {
    await step(start, patches.length);
    found.push(...(await runPatched(student, image, standIns, patches.slice(start, start + size))));
  }
  const [none, all, ...rest] = found;
  if (none === undefined || all === undefined) throw new Error('The batch came back smaller than it went out.');
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
 * The picture through the student once for each patch, all in one forward.
 *
 * Without a patch the logits are the student's own, bit for bit; so they are when the student's own integers and scales stand in.
 *
 * @param image normalized, row-major [channels, size, size]
 * @param standIns one for each layer
 * @returns logits [numClasses] for each patch
 * @throws RangeError when the picture or a stand-in is not of the model's size
 * @throws Error when the model's attention is not quantized
 */
export async function runPatched(
  student: Model,
  image: Float32Array,
  standIns: readonly StandIn[],
  patches: readonly Patch[],
): Promise<readonly Float32Array[]> {
  const { inChannels, imageSize, numClasses } = student.config;
  checkSizes(student, image, standIns);
  const logits = tf.tidy(() => {
    const picture = tf.tensor4d(image, [1, inChannels, imageSize, imageSize]);
    const batch = tf.tile(picture, [patches.length, 1, 1, 1]); // [B, channels, size, size]
    return student.forward(batch, standingIn(student, standIns, patches));
  });
  try {
    const data = await logits.data();
    return patches.map((_, i) => Float32Array.from(data.subarray(i * numClasses, (i + 1) * numClasses)));
  } finally {
    logits.dispose();
  }
}

/** Puts the stand-ins where the patches say, layer by layer. */
function standingIn({ blocks }: Model, standIns: readonly StandIn[], patches: readonly Patch[]): Recorder {
  const layers = attentionBlocks(blocks);
  const layerOf = new Map(layers.map(({ name }, layer) => [`${name}.attention_binary`, layer]));
  return {
    record: (_stage, tensor) => tensor,
    intervene: (stage, own) => {
      const layer = layerOf.get(stage) ?? -1;
      const standIn = standIns[layer];
      const shape = layers[layer]?.attention;
      if (standIn === undefined || shape === undefined) return own;
      const mask = maskOf(patches, layer, shape.heads); // [P, H]
      return mix(own, standIn, mask, shape, patches.length);
    },
  };
}

/**
 * The model has windows in front, [P W, H, n, n]; here those of a picture and its heads are one axis, [P, W H, n, n], so that the mask
 * of each patch is a column. Without windows W is 1 and nothing changes.
 *
 * A weight of 0 or 1 takes nothing from what it keeps; `tf.where` with a broadcast takes the wasm backend several times as long.
 */
function mix(
  own: Quantized,
  standIn: StandIn,
  mask: Float32Array,
  { heads, layout }: AttentionShape,
  pictures: number,
): Quantized {
  if (own.levels === null) throw new Error('Only a quantized attention can be repaired; this model is real-valued.');
  const keys = layoutKeys(layout);
  const windows = layoutRows(layout) / keys;
  const columns = windows * heads;
  /** [1 or P, H or W H, ...] -> [1 or P, W H, ...] */
  const eachWindow = (x: tf.Tensor4D): tf.Tensor4D =>
    x.shape[1] === columns ? x : tf.tile<tf.Tensor4D>(x, [1, windows, 1, 1]);
  const isPatched = eachWindow(tf.tensor4d(mask, [pictures, heads, 1, 1])); // [P, W H, 1, 1]
  const isKept = tf.sub(1, isPatched);
  const choose = (ours: tf.Tensor4D, theirs: tf.Tensor4D): tf.Tensor4D =>
    tf.add(tf.mul(ours, isKept), tf.mul(theirs, isPatched));
  const byWindow = tf.transpose(tf.tensor4d(standIn.integers, [heads, windows, keys, keys]), [1, 0, 2, 3]);
  const theirs = tf.reshape<tf.Rank.R4>(byWindow, [1, columns, keys, keys]);
  const ours = tf.reshape<tf.Rank.R4>(own.levels.integers, [pictures, columns, keys, keys]);
  const ownScale = own.levels.scale; // [1 or P W, H, 1, 1]
  const ourScale =
    ownScale.shape[0] === 1 ? eachWindow(ownScale) : tf.reshape<tf.Rank.R4>(ownScale, [pictures, columns, 1, 1]);
  const theirScale = eachWindow(tf.tensor4d(standIn.scale, [1, heads, 1, 1]));
  const back = (x: tf.Tensor4D, size: number): tf.Tensor4D => tf.reshape(x, [pictures * windows, heads, size, size]);
  const integers = back(choose(ours, theirs), keys);
  const scale = back(choose(ourScale, theirScale), 1);
  return { value: tf.mul<tf.Tensor4D>(scale, integers), levels: { integers, scale } };
}

/** 1 where the patch replaces the head of this layer. */
function maskOf(patches: readonly Patch[], layer: number, heads: number): Float32Array {
  return Float32Array.from({ length: patches.length * heads }, (_, i) => {
    const patch = patches[Math.floor(i / heads)];
    return patch !== undefined && replaces(patch, layer, i % heads) ? 1 : 0;
  }); // [B, H]
}

function replaces(patch: Patch, layer: number, head: number): boolean {
  switch (patch.kind) {
    case 'none':
      return false;
    case 'head':
      return patch.layer === layer && patch.head === head;
    case 'layer':
      return patch.layer === layer;
    case 'all':
      return true;
  }
}

function checkSizes({ blocks, config }: Model, image: Float32Array, standIns: readonly StandIn[]): void {
  requireImage(image, config);
  // A weight of 0 does not silence what is not finite.
  if (!standIns.every((each) => Object.values(each).every((values: Float32Array) => values.every(Number.isFinite))))
    throw new RangeError('What stands in for the attention holds NaN or infinite values.');
  const layers = attentionBlocks(blocks);
  const fits = ({ attention: { heads, layout } }: AttentionBlock, layer: number): boolean =>
    standIns[layer]?.integers.length === heads * layoutRows(layout) * layoutKeys(layout) &&
    standIns[layer]?.scale.length === heads;
  if (standIns.length !== layers.length || !layers.every(fits))
    throw new RangeError(
      `The model has ${layers.length} layers of attention; what stands in for them is of other sizes.`,
    );
}
