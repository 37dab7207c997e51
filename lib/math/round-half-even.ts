/**
 * The nearest integer, halves to the even one: as `torch.round`, `tf.round` and NumPy have it, and `Math.round` has not.
 *
 * @returns never -0; NaN and infinities as they are
 */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  if (part < 0.5) return below + 0;
  if (part > 0.5) return below + 1;
  if (part === 0.5) return below % 2 === 0 ? below + 0 : below + 1;
  return x; // infinities less themselves are no number
}
