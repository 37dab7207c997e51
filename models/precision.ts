/**
 * A full-precision model quantized after training: its own weights, fewer bits, nothing learned anew.
 *
 * Quantized are the four linears of each block (weights, and what enters them), q, k and v, and the softmaxed attention. The patch
 * embedding, norms, softmax, GELU, residuals and heads stay real-valued, as in Bi-ViT's released code (arXiv 2305.12354).
 */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { QUANTIZATIONS } from '@/models/quantization';
import type { Quantization } from '@/models/quantization';
import type { ActivationQuantization } from '@/models/quantization';
import type { UniformBits } from '@/models/quantization';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';

/** 32: real-valued. */
export type PartBits = UniformBits | 32;

export interface BitsOfParts {
  /** Of the four linears of each block. */
  readonly weights: PartBits;
  /** What enters those linears, and q, k and v. */
  readonly activations: PartBits;
  /** After the softmax. */
  readonly attention: PartBits;
}

/** At one bit: alpha by least squares for each head. */
const ONE_BIT_ATTENTION: ActivationQuantization = { kind: 'fitted-elastic', fit: 'least-squares' };

/**
 * What these bits make of a full-precision model. All 32 is the model's own quantization: none.
 *
 * @param oneBitAttention the binarizer of the attention at 1 bit; it must not need parameters from the checkpoint
 */
export function postTraining(
  { weights, activations, attention }: BitsOfParts,
  oneBitAttention: ActivationQuantization = ONE_BIT_ATTENTION,
): Quantization {
  const [weightBits, inputBits] = [bitsOrReal(weights), bitsOrReal(activations)];
  if (weightBits === null && inputBits === null && attention === 32) return QUANTIZATIONS.none;
  return {
    ...QUANTIZATIONS.none,
    name: 'post-training',
    linear: weightBits === null && inputBits === null ? null : { kind: 'uniform', weightBits, inputBits },
    qkv: inputBits === null ? null : { kind: 'uniform', bits: inputBits },
    attention: ofAttention(attention, oneBitAttention),
  };
}

function bitsOrReal(bits: PartBits): UniformBits | null {
  return bits === 32 ? null : bits;
}

function ofAttention(bits: PartBits, oneBit: ActivationQuantization): ActivationQuantization | null {
  switch (bits) {
    case 32:
      return null;
    case 1:
      return oneBit;
    default:
      return { kind: 'unsigned', bits };
  }
}

/** The parameters of a model as its checkpoint held them, read once for as long as the model lives. */
const CHECKPOINTS = new WeakMap<Model, Promise<ReadonlyMap<string, CheckpointTensor>>>();

/**
 * Another model from the same parameters, to be disposed by the caller; it outlives the one that it was made from.
 *
 * @throws RangeError when the model is quantized already
 */
export async function quantizeModel(model: Model, quantization: Quantization): Promise<Model> {
  return createModel(model.config, await fullPrecisionParameters(model), quantization);
}

/** What its checkpoint held. @throws RangeError when the model is quantized already */
export async function fullPrecisionParameters(model: Model): Promise<ReadonlyMap<string, CheckpointTensor>> {
  if (model.quantization.name !== 'none')
    throw new RangeError('Only a full-precision model can be quantized after training.');
  const known = CHECKPOINTS.get(model) ?? readParameters(model);
  CHECKPOINTS.set(model, known);
  return known;
}

/** `quantizeModel` by bits alone. @throws RangeError as `quantizeModel` */
export function quantizeToBits(model: Model, bits: BitsOfParts): Promise<Model> {
  return quantizeModel(model, postTraining(bits));
}

async function readParameters({ parameters }: Model): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const read = [...parameters].map(async ([key, tensor]): Promise<readonly [string, CheckpointTensor]> => {
    // A copy: the cpu backend hands out its own memory.
    const data = Float32Array.from(await tensor.data());
    return [key, { dtype: 'F32', shape: tensor.shape, data }];
  });
  return new Map(await Promise.all(read));
}
