/** A piece of a bar, in pixels from its start. */
export interface StackSegment {
  readonly start: number;
  readonly end: number;
}

/**
 * Puts values end to end so that together they are `width` pixels long.
 *
 * @param values >= 0; all 0 gives pieces without length
 */
export function stackSegments(values: readonly number[], width: number): readonly StackSegment[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  let before = 0;
  return values.map((value) => {
    const start = total > 0 ? (width * before) / total : 0;
    before += value;
    return { start, end: total > 0 ? (width * before) / total : 0 };
  });
}
