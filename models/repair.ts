/**
 * A causal experiment: somebody else's attention takes the place of a student's own, in some heads, and the student runs on.
 *
 * Every patch is one element of a batch of the same picture, so a whole map of layers and heads is a single forward. What stands in is
 * integers and a scale for each head, as a quantizer gives them, and takes the quantizer's place on the same path: the sum comes
 * first, the scale after. A real-valued map (the teacher's) is its own "integers", with a scale of 1.
 *
 * Source: activation patching as in Vig et al., NeurIPS 2020, arXiv 2004.12265, here on the attention of single heads.
 */
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { deitOnly, numTokens } from '@/models/config';
import { requireImage, type Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';
import type { Trace } from '@/models/trace';

/** Where the attention is replaced. */
export type Patch =
  | { readonly kind: 'none' }
  | { readonly kind: 'head'; readonly layer: number; readonly head: number }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'all' };

/** What replaces the attention of one layer: scale * integers. */
export interface StandIn {
  readonly integers: Float32Array; // [H, N, N]
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
  readonly heads: readonly (readonly Float32Array[])[]; // [L][H]
  readonly layers: readonly Float32Array[]; // [L]
  readonly all: Float32Array;
}

/** Tokens of a batch: what one forward may hold at a time, so that whoever waits can be told how far it is, and stop it. */
const TOKENS_AT_A_TIME = 1200;

/**
 * Every head, every layer and everything repaired by the teacher's attention to the same picture.
 *
 * Costs forwards of 1 + L * H + L + 1 pictures in all; of a small model all in one batch.
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
  const config = deitOnly(student.config);
  const { depth, numHeads } = config;
  const ofLayers = indices(depth).map((layer): Patch => ({ kind: 'layer', layer }));
  const ofHeads = indices(depth).flatMap((layer) =>
    indices(numHeads).map((head): Patch => ({ kind: 'head', layer, head })),
  );
  const patches: readonly Patch[] = [{ kind: 'none' }, { kind: 'all' }, ...ofLayers, ...ofHeads];
  const standIns = attentionOf(teacher);
  const size = Math.max(1, Math.floor(TOKENS_AT_A_TIME / numTokens(config)));
  const found: Float32Array[] = [];
  for (let start = 0; start < patches.length; start += size) {
    await step(start, patches.length);
    found.push(...(await runPatched(student, image, standIns, patches.slice(start, start + size))));
  }
  const [none, all, ...rest] = found;
  if (none === undefined || all === undefined) throw new Error('The batch came back smaller than it went out.');
  return {
    none,
    all,
    layers: rest.slice(0, depth),
    heads: indices(depth).map((layer) => rest.slice(depth + layer * numHeads, depth + (layer + 1) * numHeads)),
  };
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
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
  const config = deitOnly(student.config);
  const { inChannels, imageSize, numClasses } = config;
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
function standingIn({ blocks, ...model }: Model, standIns: readonly StandIn[], patches: readonly Patch[]): Recorder {
  const config = deitOnly(model.config);
  const { numHeads } = config;
  const tokens = numTokens(config);
  const layerOf = new Map(blocks.map(({ name }, layer) => [`${name}.attention_binary`, layer]));
  return {
    record: (_stage, tensor) => tensor,
    intervene: (stage, own) => {
      const layer = layerOf.get(stage);
      const standIn = layer === undefined ? undefined : standIns[layer];
      if (layer === undefined || standIn === undefined) return own;
      const isPatched = tf.tensor4d(maskOf(patches, layer, numHeads), [patches.length, numHeads, 1, 1]);
      const integers = tf.tensor4d(standIn.integers, [1, numHeads, tokens, tokens]);
      const scale = tf.tensor4d(standIn.scale, [1, numHeads, 1, 1]);
      return mix(own, { integers, scale }, isPatched);
    },
  };
}

/** A weight of 0 or 1 takes nothing from what it keeps; `tf.where` with a broadcast takes the wasm backend several times as long. */
function mix(
  own: Quantized,
  standIn: { integers: tf.Tensor4D; scale: tf.Tensor4D },
  isPatched: tf.Tensor4D,
): Quantized {
  if (own.levels === null) throw new Error('Only a quantized attention can be repaired; this model is real-valued.');
  const isKept = tf.sub(1, isPatched); // [B, H, 1, 1]
  const choose = (ours: tf.Tensor4D, theirs: tf.Tensor4D): tf.Tensor4D =>
    tf.add(tf.mul(ours, isKept), tf.mul(theirs, isPatched));
  const integers = choose(own.levels.integers, standIn.integers); // [B, H, N, N]
  const scale = choose(own.levels.scale, standIn.scale); // [B, H, 1, 1]
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

function checkSizes({ blocks, ...model }: Model, image: Float32Array, standIns: readonly StandIn[]): void {
  const config = deitOnly(model.config);
  const { numHeads } = config;
  requireImage(image, config);
  const entries = numHeads * numTokens(config) ** 2;
  const fit = standIns.every(({ integers, scale }) => integers.length === entries && scale.length === numHeads);
  // A weight of 0 does not silence what is not finite.
  if (!standIns.every((each) => Object.values(each).every((values: Float32Array) => values.every(Number.isFinite))))
    throw new RangeError('What stands in for the attention holds NaN or infinite values.');
  if (standIns.length !== blocks.length || !fit)
    throw new RangeError(
      `The model has ${blocks.length} layers with ${entries} attention entries each; the stand-ins have others.`,
    );
}
