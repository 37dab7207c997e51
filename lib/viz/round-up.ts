/**
 * The next round number at or above a magnitude: one of the steps times a power of ten. The ends of axes and legends read better so.
 *
 * @param magnitude above 0
 * @param steps ascending, 1 to 10
 */
export function roundUp(magnitude: number, steps: readonly number[]): number {
  const decade = 10 ** Math.floor(Math.log10(magnitude));
  const step = steps.find((each) => magnitude <= each * decade * (1 + 1e-9)) ?? 10;
  return Number((step * decade).toPrecision(2));
}
