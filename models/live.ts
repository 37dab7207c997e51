/**
 * One frame after the other through a model, cheaply: the logits and one row of one layer's attention, with a clock between the
 * stages. Nothing else is kept, so that a camera can go through it for hours.
 */
import { kernelFile } from '@/lib/kernels/wasm-module';
import { layoutKeys, layoutRows, rowOfToken, tokenBetween } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { attentionBlocks, requireImage, type AttentionBlock, type Model } from '@/models/model';
import type { PackedModel } from '@/models/packed-model';
import type { Recorder } from '@/models/recorder';
import { StageClock } from '@/models/stage-clock';

/** Which row is looked at, and on what the frame runs. */
export interface LiveQuery {
  readonly layer: number;
  /** `null`: the mean over the layer's heads. */
  readonly head: number | null;
  /** Token of the first layer; in a coarser one the row is that of the token that covers it. */
  readonly query: number;
  /** Softmaxed, or after the attention's binarizer where there is one. */
  readonly map: 'softmaxed' | 'binarized';
  /** `fastest`: the packed kernels, where they hold the model and run here. */
  readonly path: 'fastest' | 'float';
}

export interface LiveRun {
  readonly logits: Float32Array<ArrayBuffer>; // [numClasses]
  readonly attention: Float32Array<ArrayBuffer>; // [M]: all tokens, or those of the query's window
  /** What `attention` is: a model without a binarizer has only the softmaxed one. */
  readonly map: 'softmaxed' | 'binarized';
  readonly path: 'packed' | 'float';
  /** Why this path, in a sentence. */
  readonly pathReason: string;
  /** What computed it: `tfjs wasm, float32`. */
  readonly kernels: string;
  /** In the order of the forward, summed over blocks. */
  readonly stages: readonly { readonly stage: string; readonly ms: number }[];
}

const WANTED_FLOAT = 'Floats were asked for.';
const PACKED = 'Its signs fit in bits, and this browser runs the packed kernels.';

/**
 * @param image normalized, row-major [channels, size, size]
 * @param now milliseconds that never go back
 * @throws RangeError when the image, the layer, the head or the query is not one of the model's
 */
export async function liveFrame(
  model: Model,
  image: Float32Array,
  query: LiveQuery,
  now: () => number,
): Promise<LiveRun> {
  const row = rowAsked(model, query);
  requireImage(image, model.config);
  if (query.path === 'float') return floatFrame(model, image, row, now, WANTED_FLOAT);
  const packed = model.packed();
  return packed instanceof Error
    ? floatFrame(model, image, row, now, packed.message)
    : packedFrame(model, packed, image, row, now);
}

/** One row of one layer's attention. */
interface AskedRow {
  readonly block: AttentionBlock;
  readonly head: number | null;
  readonly map: LiveQuery['map'];
  /** The window that the row is in, and its place there; 0 and the token itself where every token sees all. */
  readonly window: number;
  readonly inside: number;
  /** M */
  readonly keys: number;
}

function rowAsked({ blocks }: Model, { layer, head, query, map }: LiveQuery): AskedRow {
  const layers = attentionBlocks(blocks);
  const isBelow = (value: number, end: number): boolean => Number.isInteger(value) && value >= 0 && value < end;
  const block = isBelow(layer, layers.length) ? layers[layer] : undefined;
  const first = layers[0]?.attention.layout;
  if (
    block === undefined ||
    first === undefined ||
    !isBelow(query, layoutRows(first)) ||
    (head !== null && !isBelow(head, block.attention.heads))
  ) {
    throw new RangeError(`The model has no layer ${layer}, head ${head ?? 'mean'} with a query ${query}.`);
  }
  const { layout } = block.attention;
  const row = rowOfToken(layout, tokenBetween(first, layout, query));
  const keys = layoutKeys(layout);
  return { block, head, map, window: Math.floor(row / keys), inside: row % keys, keys };
}

function imageTensor(image: Float32Array, { config: { inChannels, imageSize } }: Model): tf.Tensor4D {
  return tf.tensor4d(image, [1, inChannels, imageSize, imageSize]);
}

/** Which part of a block the work belongs to that ends with a recorded stage. */
const PART_OF: { readonly [Stage in string]: string } = {
  tokens: 'embed',
  qkv_input: 'norm',
  q: 'qkv',
  k: 'qkv',
  v: 'qkv',
  q_binary: 'qkv',
  k_binary: 'qkv',
  v_binary: 'qkv',
  scores: 'scores',
  attention: 'scores',
  attention_binary: 'scores',
  proj_input: 'attention-v',
  out: 'proj',
  fc1_input: 'norm',
  fc2_input: 'fc1',
  output: 'fc2',
  norm: 'classify',
  logits: 'classify',
};

async function floatFrame(
  model: Model,
  image: Float32Array,
  { block: { name }, head, map, window, inside, keys }: AskedRow,
  now: () => number,
  pathReason: string,
): Promise<LiveRun> {
  const clock = new StageClock(now);
  const merges = new Set(model.blocks.flatMap((block) => (block.attention === null ? [`${block.name}.output`] : [])));
  const kept: { row: tf.Tensor | null; map: LiveRun['map'] } = { row: null, map: 'softmaxed' };
  const keep = (attention: tf.Tensor, shown: LiveRun['map']): void => {
    kept.row?.dispose();
    const [, heads = 0] = attention.shape; // [windows, H, n, M]
    const from = [window, head ?? 0, inside, 0];
    kept.row = tf.keep(tf.slice(attention, from, [1, head === null ? heads : 1, 1, keys])); // [1, H or 1, 1, M]
    kept.map = shown;
  };
  const recorder: Recorder = {
    record: (stage, tensor) => {
      clock.mark(merges.has(stage) ? 'merge' : (PART_OF[stage.slice(stage.lastIndexOf('.') + 1)] ?? stage));
      if (stage === `${name}.attention`) keep(tensor, 'softmaxed');
      if (stage === `${name}.attention_binary` && map === 'binarized') keep(tensor, 'binarized');
      return tensor;
    },
  };
  const images = imageTensor(image, model);
  const logits = model.forward(images, recorder); // [1, numClasses]
  try {
    if (kept.row === null) throw new Error('The model did not record its attention.');
    const values = Float32Array.from(await logits.data());
    const rows = await kept.row.data();
    const attention = meanRow(rows, keys);
    clock.mark('read');
    const kernels = `tfjs ${tf.getBackend()}, float32`;
    return { logits: values, attention, map: kept.map, path: 'float', pathReason, kernels, stages: clock.stages };
  } finally {
    tf.dispose([images, logits, ...(kept.row === null ? [] : [kept.row])]);
  }
}

async function packedFrame(
  model: Model,
  packed: PackedModel,
  image: Float32Array,
  { block, head, map, window, inside, keys }: AskedRow,
  now: () => number,
): Promise<LiveRun> {
  const clock = new StageClock(now);
  const attention = new Float32Array(keys);
  const images = imageTensor(image, model);
  const logits = packed.forward(images, {
    mark: clock.mark,
    heads: {
      block: block.name,
      see: (maps, shown, seen) => {
        if (shown !== window || (head !== null && seen !== head)) return;
        const rows = map === 'binarized' ? maps.attentionBinary : maps.attention; // [n, M]
        const share = head === null ? 1 / block.attention.heads : 1;
        for (let key = 0; key < keys; key++)
          attention[key] = (attention[key] ?? 0) + share * (rows[inside * keys + key] ?? 0);
      },
    },
  });
  try {
    const values = Float32Array.from(await logits.data());
    clock.mark('read');
    const form = kernelFile() === 'kernels-relaxed.wasm' ? 'relaxed SIMD' : 'SIMD';
    const kernels = `packed 1-bit kernels, WebAssembly ${form}`;
    return { logits: values, attention, map, path: 'packed', pathReason: PACKED, kernels, stages: clock.stages };
  } finally {
    tf.dispose([images, logits]);
  }
}

/** [H, M] -> [M], a copy also where H is 1. */
function meanRow(rows: ArrayLike<number>, tokens: number): Float32Array<ArrayBuffer> {
  const heads = rows.length / tokens;
  return Float32Array.from({ length: tokens }, (_, key) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += rows[head * tokens + key] ?? 0;
    return sum / heads;
  });
}
