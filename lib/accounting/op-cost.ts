/**
 * What one op of a model costs, and the sum of costs.
 *
 *     OPs = BOPs / 64 + FLOPs
 *
 * Both count multiply-accumulates, as the literature on binary networks does: 64 one-bit products and their sum are one XNOR and one
 * popcount of a 64-bit word. Norms, softmax, GELU, residuals, biases and scales are not matrix products: they have parameters and
 * bytes here, but no operations.
 */
import type { Bits, CostPart } from '@/lib/accounting/precision';

/** Amounts that add up over ops; of one image. */
export interface Amounts {
  /** As in the state_dict: without buffers, with biases that the forward ignores. */
  readonly parameters: number;
  /** Multiply-accumulates of matrix products. */
  readonly macs: number;
  /** Those with both operands of one bit. */
  readonly bops: number;
  /** Those in floating point. */
  readonly flops: number;
  /** bops / 64 + flops */
  readonly ops: number;
  /** Of the weights that a forward needs: binary ones as bits with a scale for each output row. */
  readonly bytes: number;
}

/** Where an op is: its layer, `blocks.0`, or `null` outside of the layers; and its name, the same in all layers: `attn.qkv`. */
export interface OpKey {
  readonly layer: string | null;
  readonly name: string;
}

export interface OpCost extends OpKey, Amounts {
  /** `blocks.0.attn.qkv` */
  readonly id: string;
  /** `rest`: never binary, and no matrix product. */
  readonly part: CostPart | 'rest';
  readonly bits: Bits;
}

const BOPS_PER_OP = 64;
const BYTES_PER_REAL = 4;
const NOTHING: Amounts = { parameters: 0, macs: 0, bops: 0, flops: 0, ops: 0, bytes: 0 };

/** A product of matrices. */
export function productCost(key: OpKey, part: CostPart, bits: Bits, macs: number, weights: Weights): OpCost {
  const bops = bits === 1 ? macs : 0;
  const flops = macs - bops;
  return { id: idOf(key), ...key, part, bits, ...weights, macs, bops, flops, ops: bops / BOPS_PER_OP + flops };
}

/** Real parameters that are only added or multiplied entry by entry. */
export function parameterCost(key: OpKey, parameters: number): OpCost {
  return { id: idOf(key), ...key, part: 'rest', bits: 32, ...NOTHING, ...realWeights(parameters) };
}

function idOf({ layer, name }: OpKey): string {
  return layer === null ? name : `${layer}.${name}`;
}

export function sumAmounts(all: readonly Amounts[]): Amounts {
  const sum: { -readonly [Amount in keyof Amounts]: number } = { ...NOTHING };
  for (const amount of Object.keys(NOTHING) as (keyof Amounts)[]) for (const each of all) sum[amount] += each[amount];
  return sum;
}

/** The weights of a product: parameters as trained, bytes as a forward needs them. */
export type Weights = Pick<Amounts, 'parameters' | 'bytes'>;

/**
 * `added`: as in a real-valued linear. `idle`: in the checkpoint but unused, as in the official binary linears. `none`: absent.
 */
export type Bias = 'added' | 'idle' | 'none';

/**
 * A matrix [to, from]: 32 bits an entry; or 1 bit, in whole bytes a row, with a scale for each row.
 *
 * @param learnedScale the scale is a parameter of its own, not the mean magnitude of the row
 */
export function matrixWeights(from: number, to: number, bits: Bits, bias: Bias, learnedScale = false): Weights {
  const entries = from * to;
  const bytes = bits === 32 ? BYTES_PER_REAL * entries : to * (Math.ceil(from / 8) + BYTES_PER_REAL);
  return {
    parameters: entries + (bias === 'none' ? 0 : to) + (learnedScale && bits === 1 ? to : 0),
    bytes: bytes + (bias === 'added' ? BYTES_PER_REAL * to : 0),
  };
}

/** Real numbers, each a parameter. */
export function realWeights(parameters: number): Weights {
  return { parameters, bytes: BYTES_PER_REAL * parameters };
}
