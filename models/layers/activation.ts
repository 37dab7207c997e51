/** The quantizer of one activation of the attention: q, k, v or the softmaxed attention itself. */
import { applyElastic } from '@/lib/quantizers/elastic';
import { quantizeElastic, type ElasticFit } from '@/lib/quantizers/fitted-elastic';
import { applyQKOnly } from '@/lib/quantizers/attention/q-k-only/binarizer';
import type { ActivationParameters, SignOfZero } from '@/lib/quantizers/parameters';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { applySignAlpha } from '@/lib/quantizers/sign-alpha';
import { quantizeSymmetric, quantizeUnsigned } from '@/lib/quantizers/uniform';
import { tf, withGradient } from '@/lib/tf';
import type { ActivationQuantization, UniformBits } from '@/models/quantization';
import type { ParameterReader } from '@/models/parameter-reader';

export type ActivationQuantizer =
  | { readonly kind: 'real' }
  | {
      readonly kind: 'sign-alpha';
      readonly alpha: tf.Tensor1D; // [H]
      readonly zeroPoint: tf.Tensor1D | null; // [H]
      readonly signOfZero: SignOfZero;
    }
  | { readonly kind: 'elastic'; readonly alpha: tf.Tensor1D } // [H]
  | { readonly kind: 'q-k-only' }
  | { readonly kind: 'uniform'; readonly bits: UniformBits; readonly axis: SummedAxis }
  | { readonly kind: 'unsigned'; readonly bits: UniformBits; readonly axis: SummedAxis }
  | { readonly kind: 'fitted-elastic'; readonly fit: ElasticFit };

/** The axis that a product sums over, along which a scale is shared: 3 the last, 2 the tokens' (of v). */
export type SummedAxis = 2 | 3;

/**
 * Reads `alpha` and, where there is one, `zeroPoint`; a quantizer applied after training has neither.
 *
 * @throws CheckpointError
 */
export function readActivationQuantizer(
  reader: ParameterReader,
  numHeads: number,
  quantization: ActivationQuantization | null,
  axis: SummedAxis = 3,
): ActivationQuantizer {
  if (quantization === null) return { kind: 'real' };
  for (const name of ['initState', 'signed'])
    reader.ignore(name, 'Bookkeeping of the training; the forward does not use it.');
  switch (quantization.kind) {
    case 'sign-alpha': {
      const alpha = reader.nonZero('alpha', [numHeads]);
      const zeroPoint = quantization.zeroPoint ? reader.parameter<tf.Rank.R1>('zeroPoint', [numHeads]) : null;
      return { kind: 'sign-alpha', alpha, zeroPoint, signOfZero: quantization.signOfZero };
    }
    case 'elastic':
      return { kind: 'elastic', alpha: reader.nonZero('alpha', [numHeads]) };
    case 'uniform':
    case 'unsigned':
      return { ...quantization, axis };
    case 'fitted-elastic':
      return quantization;
  }
}

/** Takes over disposal of a constant: a `ParameterReader`, or a `tidy` around. */
export type Owner = (tensor: tf.Tensor1D) => tf.Tensor1D;

/** A quantizer with known parameters. */
export function givenActivation(own: Owner, given: ActivationParameters): ActivationQuantizer {
  switch (given.kind) {
    case 'real':
    case 'q-k-only':
      return given;
    case 'sign-alpha': {
      const { alpha, zeroPoint, signOfZero } = given;
      const shift = zeroPoint && own(tf.tensor1d(zeroPoint));
      return { kind: 'sign-alpha', alpha: own(tf.tensor1d(alpha)), zeroPoint: shift, signOfZero };
    }
    case 'elastic':
      return { kind: 'elastic', alpha: own(tf.tensor1d(given.alpha)) };
  }
}

/** [B, H, N, D] -> the same, quantized */
export function quantizeActivation(x: tf.Tensor4D, quantizer: ActivationQuantizer): Quantized {
  switch (quantizer.kind) {
    case 'real':
      return { value: x, levels: null };
    case 'sign-alpha':
      return applySignAlpha(x, quantizer.alpha, quantizer.zeroPoint, quantizer.signOfZero);
    case 'elastic':
      return applyElastic(x, quantizer.alpha);
    case 'q-k-only':
      return applyQKOnly(x);
    case 'uniform':
      return straightThrough(x, quantizeSymmetric(x, quantizer.bits, quantizer.axis));
    case 'unsigned':
      return straightThrough(x, quantizeUnsigned(x, quantizer.bits, quantizer.axis));
    case 'fitted-elastic':
      return straightThrough(x, quantizeElastic(x, quantizer.fit));
  }
}

/** scale * integers forward, the identity backward. */
function straightThrough(x: tf.Tensor4D, levels: NonNullable<Quantized['levels']>): Quantized {
  const value = withGradient(
    [x],
    () => ({ value: tf.mul<tf.Tensor4D>(levels.scale, levels.integers), saved: [] }),
    (gradient) => [tf.clone(gradient)],
  );
  return { value, levels };
}
