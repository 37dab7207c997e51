/** Ascending order for `sort`; -0 and 0 are equal. A subtraction would give NaN for two equal infinities. */
export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
