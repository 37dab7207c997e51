/**
 * One image through one model, as plain typed arrays: what the panels and `lib/metrics` work on. No tensor gets out of this file.
 */
import { tf, valueAndGradients, withGradient } from '@/lib/tf';
import { numTokens, type ModelConfig } from '@/models/config';
import type { Model } from '@/models/model';
import { StageRecorder } from '@/models/recorder';

/** What one block let out; row-major, of one image. */
export interface LayerTrace {
  /** q, k and v after their quantizers, dequantized; `null` in full precision. */
  readonly qBinary: Float32Array | null; // [H, N, D]
  readonly kBinary: Float32Array | null; // [H, N, D]
  readonly vBinary: Float32Array | null; // [H, N, D]
  /** Before the softmax, scaled by 1/sqrt(D). */
  readonly scores: Float32Array; // [H, N, N]
  readonly attention: Float32Array; // [H, N, N]
  /** After its quantizer, dequantized; `null` in full precision. */
  readonly attentionBinary: Float32Array | null; // [H, N, N]
  readonly output: Float32Array; // [N, C]
  /** dL/d(stage), `null` where no gradients were asked for (or there is no such stage). */
  readonly gradScores: Float32Array | null; // [H, N, N]
  readonly gradAttention: Float32Array | null; // [H, N, N]
  readonly gradAttentionBinary: Float32Array | null; // [H, N, N]
}

/** The loss whose gradients a trace holds: cross-entropy of the softmaxed logits against one class. */
export interface TraceLoss {
  readonly kind: 'cross-entropy';
  readonly classIndex: number;
  /** Nats. */
  readonly value: number;
}

export interface Trace {
  readonly config: ModelConfig;
  /** N: class tokens first, then patches row by row. */
  readonly numTokens: number;
  readonly logits: Float32Array; // [numClasses]
  /** One for each block. */
  readonly layers: readonly LayerTrace[];
  /** `null` when no gradients were asked for. */
  readonly loss: TraceLoss | null;
}

export interface TraceOptions {
  /** Also run backwards. Costs about two more forwards, and as much memory again. */
  readonly gradients: boolean;
  /** Whose cross-entropy the gradients are of; 'predicted': the class with the largest logit. */
  readonly lossClass: number | 'predicted';
}

/**
 * Runs one image through the model and keeps what its blocks let out.
 *
 * @param image normalized, row-major [channels, size, size]
 * @throws RangeError when the image is not of the configured size, or the class is not one of the model's
 */
export async function traceImage(model: Model, image: Float32Array, options: TraceOptions): Promise<Trace> {
  const { config, blocks } = model;
  const { gradients, lossClass } = options;
  checkArguments(config, image, lossClass);
  const input = tf.tensor4d(image, [1, config.inChannels, config.imageSize, config.imageSize]);
  const recorder = new StageRecorder({ keeps: isTraced, gradients });
  try {
    if (gradients) runBackwards(model, input, recorder, lossClass);
    else model.forward(input, recorder).dispose();

    const logits = await readOrFail(recorder.values.get('logits'));
    const layers = await Promise.all(blocks.map(({ name }) => readLayer(name, recorder)));
    const loss = gradients ? crossEntropy(logits, lossClass) : null;
    return { config, numTokens: numTokens(config), logits, layers, loss };
  } finally {
    recorder.dispose();
    input.dispose();
  }
}

const TRACED = /^logits$|\.(q_binary|k_binary|v_binary|scores|attention|attention_binary|output)$/;

function isTraced(stage: string): boolean {
  return TRACED.test(stage);
}

function checkArguments(
  { inChannels, imageSize, numClasses }: ModelConfig,
  image: Float32Array,
  lossClass: number | 'predicted',
): void {
  const values = inChannels * imageSize ** 2;
  if (image.length !== values)
    throw new RangeError(`The model takes images of ${values} values; this one has ${image.length}.`);
  if (lossClass !== 'predicted' && !(Number.isInteger(lossClass) && lossClass >= 0 && lossClass < numClasses)) {
    throw new RangeError(
      `The class must be an integer from 0 to ${numClasses - 1}, or 'predicted'; it is ${lossClass}.`,
    );
  }
}

/** Sends dL/d(logits) = softmax(logits) - onehot(class) back through the model, past the recorder. */
function runBackwards(
  model: Model,
  input: tf.Tensor4D,
  recorder: StageRecorder,
  lossClass: number | 'predicted',
): void {
  const loss = (): tf.Scalar => {
    const logits = model.forward(input, recorder); // [1, numClasses]
    return withGradient(
      [logits],
      // The loss's value is computed from the logits later, in float64; only its gradient is wanted here.
      () => ({ value: tf.scalar(0), saved: [logits] }),
      (_, saved) => [tf.sub(tf.softmax(saved), oneHot(saved, lossClass))],
    );
  };
  const { value, gradients } = valueAndGradients(loss, [input]);
  tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
}

function oneHot(logits: tf.Tensor2D, lossClass: number | 'predicted'): tf.Tensor {
  const index = lossClass === 'predicted' ? tf.argMax(logits, -1) : tf.tensor1d([lossClass], 'int32'); // [1]
  return tf.oneHot(index, logits.shape[1]); // [1, numClasses]
}

/** log(sum_j exp(l_j)) - l_c, in nats. */
function crossEntropy(logits: Float32Array, lossClass: number | 'predicted'): TraceLoss {
  const largest = logits.reduce((max, logit) => Math.max(max, logit), -Infinity);
  const classIndex = lossClass === 'predicted' ? logits.indexOf(largest) : lossClass;
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return { kind: 'cross-entropy', classIndex, value: Math.log(sum) + largest - (logits[classIndex] ?? NaN) };
}

async function readLayer(block: string, { values, gradients }: StageRecorder): Promise<LayerTrace> {
  const value = (stage: string) => read(values.get(`${block}.${stage}`));
  const gradient = (stage: string) => read(gradients.get(`${block}.${stage}`));
  return {
    qBinary: await value('q_binary'),
    kBinary: await value('k_binary'),
    vBinary: await value('v_binary'),
    scores: await readOrFail(values.get(`${block}.scores`)),
    attention: await readOrFail(values.get(`${block}.attention`)),
    attentionBinary: await value('attention_binary'),
    output: await readOrFail(values.get(`${block}.output`)),
    gradScores: await gradient('scores'),
    gradAttention: await gradient('attention'),
    gradAttentionBinary: await gradient('attention_binary'),
  };
}

/** A copy of its own: the cpu backend hands out its memory, and traces are transferred. */
async function read(tensor: tf.Tensor | undefined): Promise<Float32Array | null> {
  return tensor === undefined ? null : Float32Array.from(await tensor.data());
}

async function readOrFail(tensor: tf.Tensor | undefined): Promise<Float32Array> {
  const data = await read(tensor);
  if (data === null) throw new Error('The model did not record a stage that every trace has.');
  return data;
}
