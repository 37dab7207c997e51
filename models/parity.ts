/**
 * A model against its golden, as in golden/README.md: each stage fed with its golden input, forward and backward, so that an error
 * shows where it arises; then end to end.
 */
import type { Checkpoint, CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { tf, valueAndGradients } from '@/lib/tf';
import type { Model } from '@/models/model';
import { StageRecorder, type Recorder, type Substitute } from '@/models/recorder';
import {
  compareGradient,
  compareValue,
  DEEP_TOLERANCES,
  TOLERANCES,
  type Comparison,
  type Computed,
} from '@/models/compare-stages';

export interface ParityReport {
  readonly stagewise: readonly Comparison[];
  readonly endToEnd: readonly Comparison[];
  /** End to end on the packed kernels; or why they cannot run the model. */
  readonly packed: readonly Comparison[] | { readonly reason: string };
  /** Keys of the golden that were not compared. */
  readonly uncompared: readonly string[];
}

type Goldens = Checkpoint['tensors'];

/** A part of the model between two recorded stages. */
interface Part {
  readonly input: string;
  readonly output: string;
  readonly run: (input: tf.Tensor, recorder: Recorder) => tf.Tensor;
  /** Stages inside that are replaced by their golden value and gradient. */
  readonly refed: readonly string[];
}

/** Inputs of the model and the loss: nothing to compare. */
const GIVEN = ['input', 'logits_cotangent'];

export async function checkParity(model: Model, { tensors: goldens }: Checkpoint): Promise<ParityReport> {
  const stagewise: Comparison[] = [];
  for (const part of partsOf(model)) stagewise.push(...(await checkPart(model, part, goldens)));
  const run: Part['run'] = (images, recorder) => model.forward(images as tf.Tensor4D, recorder);
  const endToEnd = await checkPart(model, { input: 'input', output: 'logits', run, refed: [] }, goldens);
  const seen = new Set([...GIVEN, ...[...stagewise, ...endToEnd].map(({ key }) => key)]);
  const packed = await checkPacked(model, goldens);
  return { stagewise, endToEnd, packed, uncompared: [...goldens.keys()].filter((key) => !seen.has(key)) };
}

async function checkPacked(model: Model, goldens: Goldens): Promise<ParityReport['packed']> {
  const packed = model.packed();
  if (packed instanceof Error) return { reason: packed.message };
  const input = goldens.get('input');
  if (input === undefined) return { reason: 'The golden has no input.' };
  const stages = new Map<string, Float32Array[]>();
  const keep = (stage: string, values: Float32Array): void =>
    void stages.set(stage, [...(stages.get(stage) ?? []), values]);
  const images = toTensor(input) as tf.Tensor4D;
  const logits = packed.forward(images, {
    block: ({ name, tokensIn, ...view }) => {
      if (name === model.blocks[0]?.name) keep('tokens', tokensIn);
      for (const [key, values] of Object.entries(view)) keep(`${name}.${snakeCased(key)}`, values);
    },
  });
  keep('logits', Float32Array.from(await logits.data()));
  tf.dispose([images, logits]);
  const comparisons: Comparison[] = [];
  for (const [key, images] of stages) {
    const golden = goldens.get(key);
    if (golden === undefined) continue;
    const computed = { shape: golden.shape, data: Float32Array.from(images.flatMap((values) => [...values])) };
    comparisons.push(compareValue(key, computed, golden, await alphaOf(model, key), TOLERANCES));
  }
  return comparisons;
}

/** `attentionBinary` -> `attention_binary` */
function snakeCased(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Embedding, blocks and classifier. A block's MLP gets the block's input + the golden `.out`. */
function partsOf(model: Model): readonly Part[] {
  const outputs = ['tokens', ...model.blocks.map(({ name }) => `${name}.output`)];
  const blocks = model.blocks.map(({ name, run }, i): Part => ({
    input: outputs[i] ?? 'tokens',
    output: `${name}.output`,
    run: (x, recorder) => run(x as tf.Tensor3D, recorder),
    refed: [`${name}.out`],
  }));
  return [
    { input: 'input', output: 'tokens', run: (x, recorder) => model.embed(x as tf.Tensor4D, recorder), refed: [] },
    ...blocks,
    {
      input: outputs.at(-1) ?? 'tokens',
      output: 'logits',
      run: (x, recorder) => model.classify(x as tf.Tensor3D, recorder),
      refed: [],
    },
  ];
}

/** Empty when the golden lacks the part's input; forward only when it lacks the output's gradient. */
async function checkPart(model: Model, part: Part, goldens: Goldens): Promise<readonly Comparison[]> {
  const goldenInput = goldens.get(part.input);
  if (goldenInput === undefined) return [];
  const input = toTensor(goldenInput);
  const cotangent = optionalTensor(goldens.get(gradientKey(part.output)));
  const substitutes = substitutesOf(part, goldens);
  const recorder = new StageRecorder({
    keeps: (stage) => goldens.has(stage) || goldens.has(gradientKey(stage)),
    gradients: cotangent !== undefined,
    substitutes,
  });
  const gradients = cotangent === undefined ? null : backward(model, part, input, cotangent, recorder);
  if (gradients === null) part.run(input, recorder).dispose();
  try {
    const tapped = [...recorder.gradients].map(([stage, gradient]) => [gradientKey(stage), gradient] as const);
    const computed = new Map([...(gradients ?? []), ...tapped]);
    computed.delete(gradientKey(part.output)); // an input
    return await compareAll(model, recorder.values, computed, goldens);
  } finally {
    recorder.dispose();
    tf.dispose([input, cotangent, ...(gradients?.values() ?? [])]);
    for (const { value, gradient } of substitutes.values()) tf.dispose([value, gradient]);
  }
}

/** Gradients of sum(output * cotangent) with respect to the part's input and to the parameters in it, by golden key. */
function backward(
  model: Model,
  part: Part,
  input: tf.Tensor,
  cotangent: tf.Tensor,
  recorder: Recorder,
): ReadonlyMap<string, tf.Tensor> {
  const names = [gradientKey(part.input), ...[...model.parameters.keys()].map((name) => `grad.${name}`)];
  const loss = (): tf.Scalar => tf.sum<tf.Scalar>(tf.mul(part.run(input, recorder), cotangent));
  const { value, gradients } = valueAndGradients(loss, [input, ...model.parameters.values()]);
  value.dispose();
  const found = new Map<string, tf.Tensor>();
  gradients.forEach((gradient, i) => {
    const name = names[i];
    if (name !== undefined && gradient !== null) found.set(name, gradient);
  });
  return found;
}

async function compareAll(
  model: Model,
  values: ReadonlyMap<string, tf.Tensor>,
  gradients: ReadonlyMap<string, tf.Tensor>,
  goldens: Goldens,
): Promise<readonly Comparison[]> {
  const tolerances = goldens.has('tokens') ? TOLERANCES : DEEP_TOLERANCES;
  const comparisons: Comparison[] = [];
  for (const [key, value] of values) {
    const golden = goldens.get(key);
    if (golden) comparisons.push(compareValue(key, await read(value), golden, await alphaOf(model, key), tolerances));
  }
  for (const [key, gradient] of gradients) {
    const golden = goldens.get(key);
    if (golden) comparisons.push(compareGradient(key, await read(gradient), golden, tolerances));
  }
  return comparisons;
}

/** `blocks.0.scores` -> `blocks.0.grad.scores`; `tokens` -> `grad.tokens`; the logits' gradient has its own name. */
function gradientKey(stage: string): string {
  return stage === 'logits' ? 'logits_cotangent' : stage.replace(/[^.]+$/, 'grad.$&');
}

/** The scale of a binarized stage: `blocks.0.q_binary` -> the value of `blocks.0.attn.q_act.alpha`. */
async function alphaOf(model: Model, stage: string): Promise<Float32Array | null> {
  const quantizer = stage.replace(/\.(q|k|v)_binary$/, '.attn.$1_act').replace(/\.attention_binary$/, '.attn.attn_act');
  const alpha = model.parameters.get(`${quantizer}.alpha`);
  return alpha === undefined ? null : (await read(alpha)).data;
}

function substitutesOf({ refed }: Part, goldens: Goldens): ReadonlyMap<string, Substitute> {
  const tensorOf = (key: string): tf.Tensor | undefined => optionalTensor(goldens.get(key));
  return new Map(refed.map((stage) => [stage, { value: tensorOf(stage), gradient: tensorOf(gradientKey(stage)) }]));
}

function optionalTensor(golden: CheckpointTensor | undefined): tf.Tensor | undefined {
  return golden && toTensor(golden);
}

function toTensor({ data, shape }: CheckpointTensor): tf.Tensor {
  return tf.tensor(data, [...shape], 'float32');
}

async function read(tensor: tf.Tensor): Promise<Computed> {
  return { shape: tensor.shape, data: Float32Array.from(await tensor.data()) };
}
