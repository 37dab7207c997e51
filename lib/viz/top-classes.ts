/**
 * The indices of the k largest entries, largest first; of equal ones the earlier class comes first. Fewer where there are fewer.
 * Entries that are not finite are left out. Cost O(n log n).
 */
export function topClasses(probabilities: ArrayLike<number>, k: number): readonly number[] {
  return Array.from(probabilities, (value, index) => ({ value, index }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, k)
    .map(({ index }) => index);
}
