import { FULL_PRECISION, PRECISION_BITS, type Precision, type PrecisionBits } from '@/analyses/precision/protocol';
/**
 * Settings of the precision dial: its presets, and the four lines of settings whose accuracy is measured.
 */

export const PRECISION_PARTS = ['weights', 'activations', 'attention'] as const satisfies readonly (keyof Precision)[];

export interface Preset {
  readonly label: string;
  readonly precision: Precision;
}

/** Where people start: only the attention is binary, which is what the page is about. */
export const BINARY_ATTENTION: Precision = { ...FULL_PRECISION, attention: 1 };

export const PRESETS: readonly Preset[] = [
  { label: 'full precision', precision: FULL_PRECISION },
  { label: '8 bits', precision: { weights: 8, activations: 8, attention: 8 } },
  { label: '1-bit attention only', precision: BINARY_ATTENTION },
  { label: 'all 1 bit', precision: { weights: 1, activations: 1, attention: 1 } },
];

/** What is turned down along a line; the rest stays at full precision. */
export const CURVE_LINES = ['weights', 'activations', 'attention', 'all'] as const;
export type CurveLineId = (typeof CURVE_LINES)[number];

export function settingAt(line: CurveLineId, bits: PrecisionBits): Precision {
  return line === 'all' ? { weights: bits, activations: bits, attention: bits } : { ...FULL_PRECISION, [line]: bits };
}

/**
 * Every setting of the four lines once: full precision first, which they share, then from 8 bits down, so that the curve grows towards its cliff.
 */
export const CURVE_SETTINGS: readonly Precision[] = [
  FULL_PRECISION,
  ...PRECISION_BITS.filter((bits) => bits !== 32)
    .toReversed()
    .flatMap((bits) => CURVE_LINES.map((line) => settingAt(line, bits))),
];

export function isSamePrecision(a: Precision, b: Precision): boolean {
  return PRECISION_PARTS.every((part) => a[part] === b[part]);
}

/** Where on the four lines a setting lies; full precision lies on all, most settings on none. */
export function placesOf(
  precision: Precision,
): readonly { readonly line: CurveLineId; readonly bits: PrecisionBits }[] {
  return CURVE_LINES.flatMap((line) =>
    PRECISION_BITS.filter((bits) => isSamePrecision(settingAt(line, bits), precision)).map((bits) => ({ line, bits })),
  );
}

/** `weights 8, activations 8, attention 1`. */
export function precisionLabel(precision: Precision): string {
  return PRECISION_PARTS.map((part) => `${part} ${precision[part]}`).join(', ');
}

/** `32 / 32 / 1 bits`, in the order of the dials. */
export function precisionNote(precision: Precision): string {
  return `${PRECISION_PARTS.map((part) => precision[part]).join(' / ')} bits`;
}
