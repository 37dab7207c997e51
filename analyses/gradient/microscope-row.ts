import {
  geometryAt,
  headOf,
  ownColumn,
  rowKeys,
  stageRow,
  tokenLabel,
  type RowPlace,
} from '@/components/analysis/trace-row';
import type { ModelFamily } from '@/models/families/family';
import type { Trace } from '@/engine/protocol';
import type { LayerTrace } from '@/models/trace';

/** What the microscope takes from a trace with gradients: one query's row of one head. */
export interface MicroscopeRow {
  /** z, as recorded: after 1/sqrt(D). */
  readonly scores: Float32Array; // [N]
  /** dL/dp, as recorded: behind the attention's quantizer. */
  readonly gradAttention: Float32Array; // [N]
  /** dL/dz, as recorded, which the microscope must agree with at alpha = 1. */
  readonly gradScores: Float32Array; // [N]
  /** What the keys are called. */
  readonly keys: readonly string[]; // [N]
  /** The query's own key. */
  readonly self: number;
  /** Where rows of patches begin. */
  readonly breaks: readonly number[];
}

/** `null` for a trace without gradients, or without that layer. */
export function microscopeRow(trace: Trace, place: RowPlace, family: ModelFamily): MicroscopeRow | null {
  const scores = stageRow(trace, place, 'scores');
  const gradAttention = stageRow(trace, place, 'gradAttention');
  const gradScores = stageRow(trace, place, 'gradScores');
  const tokens = rowKeys(trace, place);
  const self = ownColumn(trace, place);
  if (scores === null || gradAttention === null || gradScores === null || tokens === null || self === null) return null;
  const geometry = geometryAt(family, place.layer);
  const keys = Array.from(tokens, (token) => tokenLabel(token, geometry));
  const rowOfKey = (key: number): number => Math.floor(((tokens[key] ?? 0) - geometry.classTokens) / geometry.columns);
  const breaks = Array.from(tokens.keys()).filter((key) => key > 0 && rowOfKey(key) !== rowOfKey(key - 1));
  return { scores, gradAttention, gradScores, keys, self, breaks };
}

/** Where a layer's attention is quantized. */
export const STE_PLACES = ['q', 'k', 'v', 'attention'] as const;
export type StePlace = (typeof STE_PLACES)[number];

/** What enters the quantizer at a place, of one head; `null` for a trace without gradients. */
export function quantizerInputs(layer: LayerTrace, place: StePlace, head: number, heads: number): Float32Array | null {
  const values = layer[place];
  return values === null ? null : headOf(values, head, heads);
}

/** Largest |a - b|; `null` where an entry is not finite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!Number.isFinite(difference)) return null;
    if (difference > largest) largest = difference;
  }
  return largest;
}

/** Three significant digits, inside the range: what the number field shows is what is computed with. */
export function roundedAlpha(alpha: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Number(Math.min(max, Math.max(min, alpha)).toPrecision(3));
}
