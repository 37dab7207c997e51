/** Traces one image through a model: typed arrays out, no tensors. */
import { tf, valueAndGradients, withGradient } from '@/lib/tf';
import type { LayerQuantizers } from '@/lib/quantizers/parameters';
import type { ModelConfig } from '@/models/architectures/configs';
import type { AttentionQuantizers } from '@/models/layers/attention';
import type { AttentionQuantizer } from '@/models/layers/attention-activation';
import { imageBatch } from '@/models/image-batch';
import { attentionBlocks, type AttentionBlock, type Model } from '@/models/model';
import { tracePacked } from '@/models/packed-trace';
import { StageRecorder } from '@/models/recorder';
import {
  headsFirst,
  tokensOfFirst,
  type LayerTrace,
  type Trace,
  type TraceLoss,
  type TraceOptions,
} from '@/models/trace';

/**
 * @param image normalized, row-major [channels, size, size]
 * @throws RangeError when the image is not of the model's size, or the class is not one of the model's
 */
export async function traceImage(model: Model, image: Float32Array, options: TraceOptions): Promise<Trace> {
  const { config } = model;
  const blocks = attentionBlocks(model.blocks);
  const { gradients, lossClass, loss: kind = 'cross-entropy' } = options;
  requireClass(config, lossClass);
  const packed = gradients || options.path === 'float' ? null : model.packed();
  if (packed !== null && !(packed instanceof Error)) return tracePacked(config, blocks, packed, image);
  const input = imageBatch([image], config);
  const recorder = new StageRecorder({
    keeps: (stage) => (gradients ? BACKWARD_STAGES : STAGES).test(stage),
    gradients,
  });
  try {
    if (gradients) runBackwards(model, input, recorder, lossClass, kind);
    else model.forward(input, recorder).dispose();

    const logits = await readOrFail(recorder.values.get('logits'));
    const layers = await Promise.all(
      blocks.map(async (block) => ({
        ...(await readLayer(block, recorder, gradients)),
        quantizers: gradients ? await readQuantizers(block.quantizers) : null,
      })),
    );
    const loss = gradients ? lossOf(logits, lossClass, kind) : null;
    return { config, numTokens: tokensOfFirst(layers), logits, layers, loss };
  } finally {
    recorder.dispose();
    input.dispose();
  }
}

const STAGES = /^logits$|\.(q_binary|k_binary|v_binary|scores|attention|attention_binary|output)$/;
const BACKWARD_STAGES = new RegExp(`${STAGES.source}|\\.[qkv]$`);

function requireClass({ numClasses }: ModelConfig, lossClass: number | 'predicted'): void {
  if (lossClass !== 'predicted' && !(Number.isInteger(lossClass) && lossClass >= 0 && lossClass < numClasses)) {
    throw new RangeError(
      `The class must be an integer from 0 to ${numClasses - 1}, or 'predicted'; it is ${lossClass}.`,
    );
  }
}

/** Backpropagates dL/d(logits), softmax(logits) - onehot(class) or onehot(class), through the model and its recorder. */
function runBackwards(
  model: Model,
  input: tf.Tensor4D,
  recorder: StageRecorder,
  lossClass: number | 'predicted',
  kind: TraceLoss['kind'],
): void {
  const loss = (): tf.Scalar => {
    const logits = model.forward(input, recorder); // [1, numClasses]
    return withGradient(
      [logits],
      // Only the gradient is needed: `lossOf` computes the value in float64.
      () => ({ value: tf.scalar(0), saved: [logits] }),
      (_, saved) => {
        const target = oneHot(saved, lossClass);
        return [kind === 'logit' ? target : tf.sub(tf.softmax(saved), target)];
      },
    );
  };
  const { value, gradients } = valueAndGradients(loss, [input]);
  tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
}

function oneHot(logits: tf.Tensor2D, lossClass: number | 'predicted'): tf.Tensor {
  const index = lossClass === 'predicted' ? tf.argMax(logits, -1) : tf.tensor1d([lossClass], 'int32'); // [1]
  return tf.cast(tf.oneHot(index, logits.shape[1]), 'float32'); // [1, numClasses]
}

/** l_c, or log(sum_j exp(l_j)) - l_c in nats. */
function lossOf(logits: Float32Array, lossClass: number | 'predicted', kind: TraceLoss['kind']): TraceLoss {
  const largest = logits.reduce((max, logit) => Math.max(max, logit), -Infinity);
  const classIndex = lossClass === 'predicted' ? logits.indexOf(largest) : lossClass;
  const logit = logits[classIndex] ?? NaN;
  const sum = logits.reduce((total, each) => total + Math.exp(each - largest), 0);
  return { kind, classIndex, value: kind === 'logit' ? logit : Math.log(sum) + largest - logit };
}

async function readLayer(
  { name, attention: { heads, layout } }: AttentionBlock,
  { values, gradients }: StageRecorder,
  withGradients: boolean,
): Promise<Omit<LayerTrace, 'quantizers'>> {
  const value = (stage: string) => readByHead(values.get(`${name}.${stage}`));
  const gradient = async (stage: string) => {
    const slopes = await readByHead(gradients.get(`${name}.${stage}`));
    const passed = values.get(`${name}.${stage}`);
    // No gradient reaches a stage that the loss does not depend on, such as the attention where the scores are binarized.
    return slopes ?? (withGradients && passed !== undefined ? new Float32Array(passed.size) : null);
  };
  return {
    heads,
    layout,
    q: await value('q'),
    k: await value('k'),
    v: await value('v'),
    qBinary: await value('q_binary'),
    kBinary: await value('k_binary'),
    vBinary: await value('v_binary'),
    scores: there(await value('scores')),
    attention: there(await value('attention')),
    attentionBinary: await value('attention_binary'),
    output: await readOrFail(values.get(`${name}.output`)),
    gradScores: await gradient('scores'),
    gradAttention: await gradient('attention'),
    gradAttentionBinary: await gradient('attention_binary'),
    gradQ: await gradient('q'),
    gradK: await gradient('k'),
    gradV: await gradient('v'),
  };
}

/** Quantizers without parameters: their scales follow the values. */
const FITTED: ReadonlySet<AttentionQuantizer['kind']> = new Set(['uniform', 'unsigned', 'fitted-elastic'] as const);

/** `null` after post-training quantization. */
async function readQuantizers({ qAct, kAct, vAct, attnAct }: AttentionQuantizers): Promise<LayerQuantizers | null> {
  const all = [qAct, kAct, vAct, attnAct];
  if (all.some(({ kind }) => FITTED.has(kind))) return null;
  const [q, k, v, attention] = await Promise.all(all.map(readTensors));
  return { q, k, v, attention } as LayerQuantizers;
}

/** The same object with arrays in place of tensors. */
async function readTensors(value: unknown): Promise<unknown> {
  if (value instanceof tf.Tensor) return readOrFail(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await readTensors(each)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** [windows, H, n, M] -> [H, windows * n, M] */
async function readByHead(tensor: tf.Tensor | undefined): Promise<Float32Array | null> {
  const values = await read(tensor);
  if (tensor === undefined || values === null) return null;
  const [windows = 1, heads = 1] = tensor.shape;
  return headsFirst(values, windows, heads);
}

/** A copy: the cpu backend hands out its memory, and traces are transferred. */
async function read(tensor: tf.Tensor | undefined): Promise<Float32Array | null> {
  return tensor === undefined ? null : Float32Array.from(await tensor.data());
}

async function readOrFail(tensor: tf.Tensor | undefined): Promise<Float32Array> {
  return there(await read(tensor));
}

function there(values: Float32Array | null): Float32Array {
  if (values === null) throw new Error('The model did not record a stage that every trace needs.');
  return values;
}
