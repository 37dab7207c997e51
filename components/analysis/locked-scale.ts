import type { ColorScale, SequentialScale } from '@/lib/viz/color-scale';
import type { Trace } from '@/engine/protocol';

/**
 * The colour scale that all panes share.
 *
 * Its top hangs on the teacher alone, over all layers and heads of this picture: no switch, layer, head or query moves it, so a
 * colour means the same wherever one looks. Entries above the top take its colour; the steps keep it the same for most pictures.
 */
const TOPS = [0.05, 0.1, 0.2, 0.5, 1] as const;
/** Largest share of the teacher's entries that may lie above the top. */
const ABOVE = 0.03;

export function lockedTop(teacher: Trace | null): number {
  if (teacher === null) return 0.1;
  const above = TOPS.map(() => 0);
  let total = 0;
  for (const { attention } of teacher.layers) {
    total += attention.length;
    for (const value of attention) {
      // Most entries lie below the lowest top.
      for (let i = 0; i < TOPS.length && value > (TOPS[i] ?? 1); i++) above[i] = (above[i] ?? 0) + 1;
    }
  }
  return TOPS.find((_, i) => (above[i] ?? 0) <= ABOVE * total) ?? 1;
}

export function attentionScale(max: number): SequentialScale {
  return { kind: 'sequential', ramp: 'attention', min: 0, max };
}

/** The largest magnitude of a row, as the top of a scale of its own; 1 for a row of zeros, which then stays dark. */
export function ownTop(row: ArrayLike<number>): number {
  const largest = Array.from(row).reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  return largest > 0 ? largest : 1;
}

/** Signed differences on the same top. */
export function differenceScale(max: number): ColorScale {
  return { kind: 'diverging', max };
}
