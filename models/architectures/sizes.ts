/** What any configuration from a file may ask for. */
// The mini form: the page carries it, and the full one weighs several times as much.
import * as z from 'zod/mini';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

/** A browser tab's share; DeiT-Base has 86 million. */
export const MAX_PARAMETERS = 500_000_000;

/** A whole number from 1. */
export const size = (max: number) => z.int().check(z.gte(1), z.lte(max));

/** Of the MLP's hidden size to C. */
export const ratio = z.number().check(z.gte(0.25), z.lte(16));

/** Of a LayerNorm. */
export const epsilon = z.number().check(z.gte(1e-12), z.lte(0.1));

/** Hidden size of an MLP. */
export function mlpHiddenSize({
  embedDim,
  mlpRatio,
}: {
  readonly embedDim: number;
  readonly mlpRatio: number;
}): number {
  return Math.floor(embedDim * mlpRatio);
}
