/**
 * What one op of a model costs, and how costs add up.
 *
 *     OPs = BOPs / 64 + FLOPs
 *
 * Both are counted in multiply-accumulates, as the literature on binary networks does: 64 one-bit products and their sum are one XNOR
 * and one popcount of a 64-bit word. Norms, softmax, GELU, residuals, biases and scales are no matrix products: they have parameters and
 * bytes here, but no operations.
 */
import type { Bits, CostPart } from '@/lib/accounting/precision';

/** Amounts that add up over ops; of one image. */
export interface Amounts {
  /** What is learned, counted as the state_dict holds it: without buffers, with biases that the forward ignores. */
  readonly parameters: number;
  /** Multiply-accumulates of matrix products. */
  readonly macs: number;
  /** Those with both operands of one bit. */
  readonly bops: number;
  /** Those in floating point. */
  readonly flops: number;
  /** bops / 64 + flops */
  readonly ops: number;
  /** Memory of all that a forward needs of the weights: binary ones as bits with a scale for each output row. */
  readonly bytes: number;
}

export interface OpCost extends Amounts {
  /** Place and name: `blocks.0.attn.qkv`. */
  readonly id: string;
  /** The name within its layer, the same in all layers: `attn.qkv`. */
  readonly name: string;
  /** `rest`: what is never binary and multiplies no matrices. */
  readonly part: CostPart | 'rest';
  /** `blocks.0`; `null` before and after the layers. */
  readonly layer: string | null;
  readonly bits: Bits;
}

/** BOPs that count as one operation. */
export const BOPS_PER_OP = 64;
export const BYTES_PER_REAL = 4;

export interface OpPlace {
  readonly layer: string | null;
  readonly name: string;
}

/** What a product brings along besides its multiply-accumulates. */
export interface Held {
  readonly parameters: number;
  readonly bytes: number;
}

/** A product of matrices. */
export function productCost(
  place: OpPlace,
  part: CostPart,
  bits: Bits,
  macs: number,
  { parameters, bytes }: Held,
): OpCost {
  const bops = bits === 1 ? macs : 0;
  const flops = macs - bops;
  return { ...placed(place), part, bits, parameters, macs, bops, flops, ops: bops / BOPS_PER_OP + flops, bytes };
}

/** Real numbers that are only added or multiplied entry by entry. */
export function heldCost(place: OpPlace, parameters: number): OpCost {
  const bytes = BYTES_PER_REAL * parameters;
  return { ...placed(place), part: 'rest', bits: 32, ...NOTHING, parameters, bytes };
}

export const NOTHING: Amounts = { parameters: 0, macs: 0, bops: 0, flops: 0, ops: 0, bytes: 0 };

export function sumAmounts(all: readonly Amounts[]): Amounts {
  return all.reduce<Amounts>(
    (sum, each) => ({
      parameters: sum.parameters + each.parameters,
      macs: sum.macs + each.macs,
      bops: sum.bops + each.bops,
      flops: sum.flops + each.flops,
      ops: sum.ops + each.ops,
      bytes: sum.bytes + each.bytes,
    }),
    NOTHING,
  );
}

function placed({ layer, name }: OpPlace): Pick<OpCost, 'id' | 'name' | 'layer'> {
  return { id: layer === null ? name : `${layer}.${name}`, name, layer };
}
