/** What the weights of a product take: parameters as they are learned, bytes as a forward needs them. */
import { BYTES_PER_REAL, type Held } from '@/lib/accounting/op-cost';
import type { Bits } from '@/lib/accounting/precision';

/**
 * `added`: as in a real-valued linear. `idle`: in the checkpoint, but no forward uses it, as the official binary linears have it.
 * `none`: not there.
 */
export type Bias = 'added' | 'idle' | 'none';

export interface MatrixSize {
  readonly from: number;
  readonly to: number;
}

/**
 * A matrix [to, from]: 32 bits an entry; or one, in whole bytes a row, with a scale for each row.
 *
 * @param learnedScale the scale is a parameter of its own, not the mean magnitude of the row
 */
export function matrixHeld({ from, to }: MatrixSize, bits: Bits, bias: Bias, learnedScale = false): Held {
  const entries = from * to;
  const kept = bits === 32 ? BYTES_PER_REAL * entries : to * (Math.ceil(from / 8) + BYTES_PER_REAL);
  return {
    parameters: entries + (bias === 'none' ? 0 : to) + (learnedScale && bits === 1 ? to : 0),
    bytes: kept + (bias === 'added' ? BYTES_PER_REAL * to : 0),
  };
}

/** Real numbers, each a parameter. */
export function realHeld(count: number): Held {
  return { parameters: count, bytes: BYTES_PER_REAL * count };
}

export function addHeld(a: Held, b: Held): Held {
  return { parameters: a.parameters + b.parameters, bytes: a.bytes + b.bytes };
}
