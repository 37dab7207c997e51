/**
 * Labels along a line that would lie on one another, moved apart as little as possible.
 */
export interface Spread {
  /** Least distance between neighbours. */
  readonly gap: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Positions in the order given, at least `gap` apart and within [min, max], whose squared distances from `wanted` sum to the least.
 *
 * With i gaps taken off, "at least a gap apart" becomes "not descending": an isotonic regression, solved by pooling neighbours
 * that are out of order into their mean; the bounds are then a clamp. O(n). Where n labels do not fit they share the room evenly.
 *
 * @param wanted ascending; equal ones keep their order
 * @source Robertson, Wright, Dykstra. Order Restricted Statistical Inference. Wiley, 1988 (pool adjacent violators).
 */
export function spreadLabels(wanted: readonly number[], { gap, min, max }: Spread): readonly number[] {
  const last = wanted.length - 1;
  const step = last * gap > max - min ? (max - min) / last : gap;
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((position, index) => {
    let pool = { sum: position - index * step, count: 1 };
    for (let before = pools.at(-1); before !== undefined && meanOf(before) > meanOf(pool); before = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap((pool) => Array.from({ length: pool.count }, () => meanOf(pool)))
    .map((position, index) => Math.min(max - last * step, Math.max(min, position)) + index * step);
}

function meanOf({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return sum / count;
}
