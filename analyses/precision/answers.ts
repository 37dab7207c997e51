/**
 * What the teacher answers before and after its numbers were rounded, as lines of a table.
 */
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import { className } from '@/lib/viz/class-name';
import { topClasses } from '@/lib/viz/top-classes';
import { formatNumber, formatPercent, NOT_AVAILABLE } from '@/lib/viz/format';

export interface AnswerLine {
  readonly name: string;
  readonly full: string;
  readonly dialled: string;
}

interface Known {
  /** `null` for a picture of one's own. */
  readonly trueClass: number | null;
  readonly classNames: readonly string[];
}

/**
 * @param full logits of the teacher, [classes]
 * @param dialled the same at the dial's setting, [classes]
 */
export function answerLines(full: Float32Array, dialled: Float32Array, known: Known): readonly AnswerLine[] {
  const both = [full, dialled] as const;
  const line = (name: string, of: (logits: Float32Array) => string): AnswerLine => {
    const [first, second] = both;
    return { name, full: of(first), dialled: of(second) };
  };
  const { trueClass, classNames } = known;
  // Without a true class, what full precision says is what should stay.
  const watched = trueClass ?? likeliest(full);
  const watchedName = watched === null ? null : className(watched, classNames);
  return [
    line('predicted', (logits) => predictedText(logits, known)),
    line('with probability', (logits) => formatPercent(probabilityOf(logits, likeliest(logits)))),
    ...(watchedName === null
      ? []
      : [line(`probability of ${watchedName}`, (logits) => formatPercent(probabilityOf(logits, watched)))]),
    { name: 'largest change of a logit', full: '', dialled: formatNumber(largestChange(full, dialled)) },
  ];
}

/** max |a - b|, exactly 0 for equal logits; `null` where one is not a finite number. */
export function largestChange(a: Float32Array, b: Float32Array): number | null {
  const changes = Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN)));
  return changes.every(Number.isFinite) ? Math.max(0, ...changes) : null;
}

/** Marked where the truth is known: not by colour. */
function predictedText(logits: Float32Array, { trueClass, classNames }: Known): string {
  const index = likeliest(logits);
  if (index === null) return NOT_AVAILABLE;
  const name = className(index, classNames);
  return trueClass === null ? name : `${name} ${index === trueClass ? '✓' : '✗'}`;
}

function probabilityOf(logits: Float32Array, index: number | null): number | null {
  return index === null ? null : (softmaxRow(logits)?.[index] ?? null);
}

function likeliest(logits: Float32Array): number | null {
  return logits.every(Number.isFinite) ? (topClasses(logits, 1)[0] ?? null) : null;
}
