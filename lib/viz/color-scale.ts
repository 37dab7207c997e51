/**
 * How a number becomes a colour. A scale is plain data, so that panes can share one object and a legend can show it.
 */
export type Ramp = 'attention' | 'distortion';

export interface SequentialScale {
  readonly kind: 'sequential';
  readonly ramp: Ramp;
  readonly min: number;
  readonly max: number;
}

/** Symmetric about 0, which is neutral: -max .. max. */
export interface DivergingScale {
  readonly kind: 'diverging';
  readonly max: number;
}

export type ColorScale = SequentialScale | DivergingScale;

/**
 * Where a value lies on its scale, 0..1, clamped: (v - min) / (max - min), or (v + max) / (2 max) for a diverging one.
 * `null` for what is not a finite number. A scale of no width puts everything at its lower end (sequential) or in the middle (diverging).
 */
export function scalePosition(scale: ColorScale, value: number | null | undefined): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  switch (scale.kind) {
    case 'sequential': {
      const width = scale.max - scale.min;
      return width > 0 ? clamp01((value - scale.min) / width) : 0;
    }
    case 'diverging':
      return scale.max > 0 ? clamp01((value + scale.max) / (2 * scale.max)) : 0.5;
    default:
      return scale satisfies never;
  }
}

/** Smallest and largest value that a scale tells apart. */
export function scaleRange(scale: ColorScale): readonly [number, number] {
  return scale.kind === 'sequential' ? [scale.min, scale.max] : [-scale.max, scale.max];
}

function clamp01(position: number): number {
  return Math.min(1, Math.max(0, position));
}
