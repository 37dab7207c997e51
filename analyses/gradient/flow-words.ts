import type { MemberId } from '@/models/families/family';
import type { Series } from '@/components/charts/series-lines';
import { flatSlope, type FlowQuantity, type FlowUnit } from '@/analyses/gradient/flow-quantity';
import { listOf } from '@/components/analysis/list-of';
import { formatNumber, formatPercent } from '@/lib/viz/format';

/** What the numbers of one place say, in words for someone who sees the chart for the first time. */
export interface FlowStory {
  /** `In layer 1`, `In layer 1, head 3`. */
  readonly where: string;
  /** One number a model. */
  readonly values: { readonly [id: MemberId]: number | null };
  readonly unit: FlowUnit;
  /** Keys in a row of attention there. */
  readonly keys: number;
}

/** The number of every series at one place, by model. */
export function valuesAt(series: readonly Series[], index: number): FlowStory['values'] {
  return Object.fromEntries(
    series.flatMap(({ model, values }) => (model === null ? [] : [[model, values[index] ?? null]])),
  );
}

const CURES: readonly { readonly id: MemberId; readonly words: string }[] = [
  { id: 'scaling', words: 'with the scaling factor' },
  { id: 'ranking', words: 'with ranking-aware distillation' },
  { id: 'bi-vit', words: 'with both' },
];

/** One or two sentences; `null` where no student has a number. */
export function flowSentences(quantity: FlowQuantity, { where, values, unit, keys }: FlowStory): string | null {
  switch (quantity.kind) {
    case 'pass':
      return passSentences(quantity, where, values);
    case 'norm':
      return normSentences(quantity, where, values, unit);
    case 'slope':
      return slopeSentences(where, values, keys);
  }
}

function passSentences({ noun }: FlowQuantity, where: string, values: FlowStory['values']): string | null {
  const said = known(values, (value) => formatPercent(value, 0));
  const { baseline } = values;
  if (typeof baseline !== 'number') {
    return said.length === 0
      ? null
      : `${where}, the share of ${noun} entries that let a gradient through is ${listOf(said)}.`;
  }
  const rest = said.length === 0 ? '' : `; ${listOf(said)}`;
  const share = `${where}, ${formatPercent(baseline, 0)} of the baseline’s ${noun} entries let a gradient through${rest}.`;
  if (baseline === 1) return share;
  return `${share} The other entries get a gradient of exactly 0: training cannot move them.`;
}

function normSentences(
  { noun }: FlowQuantity,
  where: string,
  values: FlowStory['values'],
  unit: FlowUnit,
): string | null {
  const { teacher, baseline } = values;
  const against = (value: number) => compared(value, typeof teacher === 'number' ? teacher : null);
  const said = known(values, against);
  const students = [...(typeof baseline === 'number' ? [`in the baseline ${against(baseline)}`] : []), ...said];
  if (students.length === 0) return null;
  const what =
    unit === 'recorded'
      ? `${where}, the gradient that reaches ${noun} has norm`
      : `${where}, of each unit of gradient that starts at the answer, what reaches ${noun} is`;
  const start = typeof teacher === 'number' ? `${what} ${formatNumber(teacher)} in the teacher; ` : `${what}: `;
  return `${start}${listOf(students)}.`;
}

function slopeSentences(where: string, values: FlowStory['values'], keys: number): string | null {
  const share = (value: number) => formatPercent(value / flatSlope(keys), 0);
  const { teacher, baseline } = values;
  const parts = [
    ...(typeof teacher === 'number' ? [`in the teacher ${share(teacher)}`] : []),
    ...(typeof baseline === 'number' ? [`in the baseline ${share(baseline)}`] : []),
    ...known(values, share),
  ];
  if (parts.length === 0) return null;
  return `${where}, the softmax is as steep as this, taking a flat row (the steepest on average) as 100 %: ${listOf(parts)}.`;
}

/** `0.002, 65 times smaller`; a true zero is said as one. */
function compared(value: number, teacher: number | null): string {
  if (value === 0) return 'exactly 0: nothing arrives';
  const text = formatNumber(value);
  if (teacher === null || teacher === 0 || !Number.isFinite(value)) return text;
  const ratio = value / teacher;
  if (ratio > 1.05) return `${text} (${formatNumber(ratio, 2)} times the teacher’s)`;
  if (ratio < 1 / 1.05) return `${text} (${formatNumber(1 / ratio, 2)} times smaller)`;
  return `${text} (as in the teacher)`;
}

function known(values: FlowStory['values'], words: (value: number) => string): readonly string[] {
  return CURES.flatMap(({ id, words: name }) => {
    const value = values[id];
    return typeof value === 'number' ? [`${name} ${words(value)}`] : [];
  });
}
