import { matrixRow, type NumberRow } from '@/lib/math/number-row';

/** The maps of one layer for one image, as a trace holds them. */
export interface LayerAttention {
  readonly values: NumberRow; // [H, N, N], flat
  /** H; for windowed attention heads times windows. */
  readonly heads: number;
  /** N: queries, and keys. */
  readonly tokens: number;
}

/**
 * The map of one head; a view where the storage allows one.
 *
 * @returns flat [N, N]
 * @throws RangeError when the layer does not hold that head
 */
export function headAttention({ values, heads, tokens }: LayerAttention, head: number): NumberRow {
  if (!Number.isInteger(head) || head < 0 || head >= heads) throw new RangeError(`no head ${head} among ${heads}`);
  return matrixRow(values, tokens * tokens, head);
}

/** @throws RangeError when the values are not `heads` maps of `tokens` x `tokens`. */
export function requireWholeMaps({ values, heads, tokens }: LayerAttention): void {
  if (values.length !== heads * tokens * tokens) {
    throw new RangeError(`${values.length} entries are not ${heads} maps of ${tokens} x ${tokens}`);
  }
}

/** @throws RangeError unless all layers have as many tokens as the first, which their product needs. Returns that number. */
export function requireSameTokens(layers: readonly LayerAttention[]): number {
  const [first] = layers;
  if (first === undefined) throw new RangeError('a rollout needs at least one layer');
  for (const layer of layers) {
    requireWholeMaps(layer);
    if (layer.tokens !== first.tokens) {
      throw new RangeError(`layers of ${first.tokens} and of ${layer.tokens} tokens cannot be multiplied through`);
    }
  }
  return first.tokens;
}
