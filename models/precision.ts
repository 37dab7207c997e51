/**
 * Post-training quantization: a full-precision model's own weights in fewer bits.
 *
 * Quantized are the four linears of each block (weights and inputs), q, k and v, and the softmaxed attention. The patch embedding,
 * norms, softmax, GELU, residuals and heads stay real-valued, as in Bi-ViT's released code (arXiv 2305.12354).
 */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { createModel } from '@/models/create-model';
import type { Model } from '@/models/model';
import { QUANTIZATIONS, type ActivationQuantization, type Quantization, type UniformBits } from '@/models/quantization';

/** 32: real-valued. */
export type PartBits = UniformBits | 32;

export interface BitsOfParts {
  /** Of the four linears of each block. */
  readonly weights: PartBits;
  /** Inputs of those linears, and q, k and v. */
  readonly activations: PartBits;
  /** After the softmax. */
  readonly attention: PartBits;
}

/** All 32 is 'none'. At one bit the attention has an alpha for each head, by least squares. */
export function postTraining({ weights, activations, attention }: BitsOfParts): Quantization {
  const orReal = (bits: PartBits): UniformBits | null => (bits === 32 ? null : bits);
  const [weightBits, inputBits] = [orReal(weights), orReal(activations)];
  if (weightBits === null && inputBits === null && attention === 32) return QUANTIZATIONS.none;
  return {
    ...QUANTIZATIONS.none,
    name: 'post-training',
    linear: weightBits === null && inputBits === null ? null : { kind: 'uniform', weightBits, inputBits },
    qkv: inputBits === null ? null : { kind: 'uniform', bits: inputBits },
    attention: attentionIn(attention),
  };
}

function attentionIn(bits: PartBits): ActivationQuantization | null {
  if (bits === 32) return null;
  return bits === 1 ? { kind: 'fitted-elastic', fit: 'least-squares' } : { kind: 'unsigned', bits };
}

/** Each model's parameters as in its checkpoint, read once. */
const CHECKPOINTS = new WeakMap<Model, Promise<ReadonlyMap<string, CheckpointTensor>>>();

/**
 * A new model from the same parameters, which outlives the original; the caller disposes it.
 *
 * @throws RangeError when the model is quantized already
 */
export async function quantizeModel(model: Model, quantization: Quantization): Promise<Model> {
  return createModel(model.config, await fullPrecisionParameters(model), quantization);
}

/** A model's parameters as in its checkpoint. @throws RangeError when the model is quantized already */
export async function fullPrecisionParameters(model: Model): Promise<ReadonlyMap<string, CheckpointTensor>> {
  if (model.quantization.name !== 'none')
    throw new RangeError('Only a full-precision model can be quantized after training.');
  const known = CHECKPOINTS.get(model) ?? readParameters(model);
  CHECKPOINTS.set(model, known);
  return known;
}

async function readParameters({ parameters }: Model): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const read = [...parameters].map(async ([key, tensor]): Promise<readonly [string, CheckpointTensor]> => {
    // A copy: the cpu backend hands out its own memory.
    const data = Float32Array.from(await tensor.data());
    return [key, { dtype: 'F32', shape: tensor.shape, data }];
  });
  return new Map(await Promise.all(read));
}
