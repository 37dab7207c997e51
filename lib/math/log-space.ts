/**
 * Numbers at equal steps of their logarithm, both ends included.
 *
 *     x_i = lower (upper / lower)^(i / (count - 1))
 *
 * @returns [count], ascending; the first and the last are exactly `lower` and `upper`
 * @throws RangeError unless 0 < lower < upper are finite and count is a whole number of at least 2
 */
export function logSpace(lower: number, upper: number, count: number): Float64Array<ArrayBuffer> {
  if (!(lower > 0 && lower < upper && Number.isFinite(upper))) {
    throw new RangeError(`equal steps of a logarithm need 0 < lower < upper, got ${lower} and ${upper}`);
  }
  if (!Number.isInteger(count) || count < 2) throw new RangeError(`a range of ${count} numbers has no two ends`);
  const values = Float64Array.from({ length: count }, (_, i) => lower * (upper / lower) ** (i / (count - 1)));
  values[count - 1] = upper;
  return values;
}
