/**
 * One frame of a camera through a model: the logits and one row of one layer's attention, with the time of each stage. Nothing else is
 * kept, so that a camera can run for hours.
 */
import { kernelFile } from '@/lib/kernels/wasm-module';
import { layoutKeys, layoutRows, rowOfToken, tokenBetween } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { imageBatch } from '@/models/image-batch';
import { attentionBlocks, type AttentionBlock, type Model } from '@/models/model';
import type { PackedModel } from '@/models/packed-model';
import type { Recorder } from '@/models/recorder';
import { StageClock } from '@/models/stage-clock';

export interface LiveQuery {
  readonly layer: number;
  /** `null`: the mean over the layer's heads. */
  readonly head: number | null;
  /** Token of the first layer; in a coarser layer the row is that of the token that covers it. */
  readonly query: number;
  /** Softmaxed, or after the attention's binarizer where there is one. */
  readonly map: 'softmaxed' | 'binarized';
  /** `fastest`: the packed kernels, where they can run the model. */
  readonly path: 'fastest' | 'float';
}

export interface LiveRun {
  readonly logits: Float32Array<ArrayBuffer>; // [numClasses]
  readonly attention: Float32Array<ArrayBuffer>; // [M]: all tokens, or those of the query's window
  /** What `attention` is: a model without a binarizer has only the softmaxed one. */
  readonly map: 'softmaxed' | 'binarized';
  readonly path: 'packed' | 'float';
  /** A sentence. */
  readonly pathReason: string;
  /** What computed it: `tfjs wasm, float32`. */
  readonly kernels: string;
  /** In the order of the forward, summed over blocks. */
  readonly stages: readonly { readonly stage: string; readonly ms: number }[];
}

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
  const row = queriedRow(model, query);
  const images = imageBatch([image], model.config);
  const clock = new StageClock(now);
  const packed = query.path === 'float' ? new Error('Floats were requested.') : model.packed();
  try {
    const frame =
      packed instanceof Error
        ? await floatFrame(model, images, row, clock, packed.message)
        : await packedFrame(packed, images, row, clock);
    return { ...frame, stages: clock.stages };
  } finally {
    images.dispose();
  }
}

/** One row of one layer's attention. */
interface QueriedRow {
  readonly block: AttentionBlock;
  readonly head: number | null;
  readonly map: LiveQuery['map'];
  /** 0 where every token sees all. */
  readonly window: number;
  /** Within the window. */
  readonly row: number;
  /** M */
  readonly keys: number;
}

function queriedRow({ blocks }: Model, { layer, head, query, map }: LiveQuery): QueriedRow {
  const layers = attentionBlocks(blocks);
  const isBelow = (value: number, end: number): boolean => Number.isInteger(value) && value >= 0 && value < end;
  const block = layers[layer];
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
  return { block, head, map, window: Math.floor(row / keys), row: row % keys, keys };
}

/** The part of a block that ends with a recorded stage. */
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

type Frame = Omit<LiveRun, 'stages'>;

async function floatFrame(
  model: Model,
  images: tf.Tensor4D,
  { block: { name }, head, map, window, row, keys }: QueriedRow,
  clock: StageClock,
  pathReason: string,
): Promise<Frame> {
  const merges = new Set(model.blocks.flatMap((block) => (block.attention === null ? [`${block.name}.output`] : [])));
  const kept = new Map<LiveRun['map'], tf.Tensor>();
  const keep = (attention: tf.Tensor, shown: LiveRun['map']): void => {
    const heads = head === null ? (attention.shape[1] ?? 0) : 1; // of [windows, H, n, M]
    kept.set(shown, tf.keep(tf.slice(attention, [window, head ?? 0, row, 0], [1, heads, 1, keys]))); // [1, H or 1, 1, M]
  };
  const recorder: Recorder = {
    record: (stage, tensor) => {
      clock.mark(merges.has(stage) ? 'merge' : (PART_OF[stage.slice(stage.lastIndexOf('.') + 1)] ?? stage));
      if (stage === `${name}.attention`) keep(tensor, 'softmaxed');
      if (stage === `${name}.attention_binary` && map === 'binarized') keep(tensor, 'binarized');
      return tensor;
    },
  };
  const logits = model.forward(images, recorder); // [1, numClasses]
  try {
    const shown = kept.has('binarized') ? 'binarized' : 'softmaxed';
    const values = Float32Array.from(await logits.data());
    const rows = await kept.get(shown)?.data();
    if (rows === undefined) throw new Error('The model did not record its attention.');
    const attention = meanRow(rows, keys);
    clock.mark('read');
    const kernels = `tfjs ${tf.getBackend()}, float32`;
    return { logits: values, attention, map: shown, path: 'float', pathReason, kernels };
  } finally {
    tf.dispose([logits, ...kept.values()]);
  }
}

async function packedFrame(
  packed: PackedModel,
  images: tf.Tensor4D,
  { block, head, map, window, row, keys }: QueriedRow,
  clock: StageClock,
): Promise<Frame> {
  const attention = new Float32Array(keys);
  const logits = packed.forward(images, {
    mark: clock.mark,
    heads: {
      block: block.name,
      see: (maps, shown, seen) => {
        if (shown !== window || (head !== null && seen !== head)) return;
        const rows = map === 'binarized' ? maps.attentionBinary : maps.attention; // [n, M]
        const share = head === null ? 1 / block.attention.heads : 1;
        for (let key = 0; key < keys; key++)
          attention[key] = (attention[key] ?? 0) + share * (rows[row * keys + key] ?? 0);
      },
    },
  });
  try {
    const values = Float32Array.from(await logits.data());
    clock.mark('read');
    const form = kernelFile() === 'kernels-relaxed.wasm' ? 'relaxed SIMD' : 'SIMD';
    const kernels = `packed 1-bit kernels, WebAssembly ${form}`;
    const pathReason = 'Its signs fit in bits, and this browser runs the packed kernels.';
    return { logits: values, attention, map, path: 'packed', pathReason, kernels };
  } finally {
    logits.dispose();
  }
}

/** [H, M] -> [M], a copy even where H is 1. */
function meanRow(rows: ArrayLike<number>, keys: number): Float32Array<ArrayBuffer> {
  const heads = rows.length / keys;
  return Float32Array.from({ length: keys }, (_, key) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += rows[head * keys + key] ?? 0;
    return sum / heads;
  });
}
