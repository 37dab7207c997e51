/** A parity report as lines to read and as one object for machines. */
import type { ParityReport } from '@/models/parity';
import type { Comparison } from '@/models/compare-stages';

export interface ParitySummary {
  readonly ok: boolean;
  /** max |d| of the logits, end to end; `null` when the golden has none. */
  readonly logits: number | null;
  /** max |d| of each stage: the worst of stage by stage and end to end, on the float path and on the packed kernels. */
  readonly stages: Readonly<Record<string, number>>;
  /** max |d| / max |golden| of each gradient, likewise. */
  readonly gradients: Readonly<Record<string, number>>;
  /** Signs on the other side than the golden's, all of these together. */
  readonly flips: number;
}

export function describe({ stagewise, endToEnd, packed, uncompared }: ParityReport): readonly string[] {
  return [
    'Stage by stage, each fed with its golden input (values: max |d|; gradients: max |d| / max |golden|)',
    ...stagewise.map(describeOne),
    'End to end',
    ...endToEnd.map(describeOne),
    ...('reason' in packed
      ? [`Not on the packed kernels: ${packed.reason}`]
      : ['End to end, on the packed kernels', ...packed.map(describeOne)]),
    ...uncompared.map((key) => `  ${key.padEnd(KEY_WIDTH)} NOT COMPARED: the model has no such stage or gradient`),
  ];
}

export function summarize({ stagewise, endToEnd, packed, uncompared }: ParityReport): ParitySummary {
  const all = [...stagewise, ...endToEnd, ...('reason' in packed ? [] : packed)];
  return {
    ok: all.length > 0 && uncompared.length === 0 && all.every(({ ok }) => ok),
    logits: endToEnd.find(({ key }) => key === 'logits')?.error ?? null,
    stages: worst(all.filter(({ kind }) => kind === 'value')),
    gradients: worst(all.filter(({ kind }) => kind === 'gradient')),
    flips: all.reduce((sum, { flips }) => sum + (flips ?? 0), 0),
  };
}

const KEY_WIDTH = 40;

function describeOne({ key, error, tolerance, flips, ok }: Comparison): string {
  const flipped = flips === null ? '' : `  flips ${flips}`;
  const verdict = ok ? '' : `  FAILS (tolerance ${tolerance})`;
  return `  ${key.padEnd(KEY_WIDTH)} ${error.toExponential(2).padStart(9)}${flipped}${verdict}`;
}

function worst(comparisons: readonly Comparison[]): Readonly<Record<string, number>> {
  const errors = new Map<string, number>();
  for (const { key, error } of comparisons) errors.set(key, Math.max(error, errors.get(key) ?? 0));
  return Object.fromEntries(errors);
}
