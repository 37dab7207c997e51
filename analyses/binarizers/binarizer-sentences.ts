/** What to see in the comparison, in words, for someone who has never met a binarizer. */
import type { BinarizerComparison, BinarizerMeans, MeasureId } from '@/analyses/binarizers/protocol';
import { comparableMeans, MEASURES, type BinarizerNumbers } from '@/analyses/binarizers/binarizer-measures';
import { listOf } from '@/components/analysis/list-of';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { formatCount } from '@/lib/viz/format';

/** Of one row. */
export function rowSentences({ attention, rows }: BinarizerComparison): readonly string[] {
  return [keysSentence(rows, attention.length), emptySentence(rows), ...commonSentences(rows)].filter(
    (sentence) => sentence !== null,
  );
}

/** Of a head over many images. */
export function meansSentences({ images, means }: BinarizerMeans): readonly string[] {
  const pictures = images === 1 ? 'one image' : `${formatCount(images)} images`;
  const [first, ...others] = commonSentences(means.map(comparableMeans));
  if (first === undefined) return [];
  return [`Over ${pictures}: ${first}`, ...others];
}

function commonSentences(numbers: readonly BinarizerNumbers[]): readonly string[] {
  return [closestSentence(numbers), gradientSentence(numbers)].filter((sentence) => sentence !== null);
}

/** How many keys are left by those that binarize the row itself: a real-valued row has no entry at 0. */
function keysSentence(numbers: readonly BinarizerNumbers[], keys: number): string | null {
  const ends = endsOf(
    numbers.filter(({ id }) => binarizerRecord(id).binarizes === 'attention'),
    'density',
  );
  if (ends === null) return null;
  const count = (share: number) => Math.round(share * keys);
  const { high, low } = ends;
  const most = `Of the ${keys} keys that this query weighs, ${nameOf(high)} leaves ${count(high.value)} switched on`;
  if (count(high.value) === count(low.value)) return `${most}, like every other.`;
  return `${most}, ${nameOf(low)} ${count(low.value) === 0 ? 'none' : count(low.value)}.`;
}

/** Those that leave a constant row, which has no order. */
function emptySentence(numbers: readonly BinarizerNumbers[]): string | null {
  const constant = numbers.filter(({ tauB }) => tauB === null);
  if (constant.length === 0 || constant.length === numbers.length) return null;
  const names = listOf(constant.map(nameOf));
  const makes = constant.length === 1 ? 'makes' : 'make';
  return `${names} ${makes} all entries of this row alike: no order is left to measure (n/a).`;
}

function closestSentence(numbers: readonly BinarizerNumbers[]): string | null {
  const order = endsOf(numbers, 'tauB');
  const error = endsOf(numbers, 'error');
  if (order === null || error === null) return null;
  const [tauB, distance] = [MEASURES.tauB.format(order.high.value), MEASURES.error.format(error.low.value)];
  if (order.high.id === error.low.id) {
    return `${nameOf(order.high)} keeps the order of the keys best (τ\u2011b\u00a0${tauB}) and comes nearest to their weights (error\u00a0${distance}).`;
  }
  return `${nameOf(order.high)} keeps the order of the keys best (τ\u2011b\u00a0${tauB}), ${nameOf(error.low)} comes nearest to their weights (error\u00a0${distance}).`;
}

function gradientSentence(numbers: readonly BinarizerNumbers[]): string | null {
  const ends = endsOf(numbers, 'passShare');
  if (ends === null) return null;
  const [high, low] = [MEASURES.passShare.format(ends.high.value), MEASURES.passShare.format(ends.low.value)];
  if (high === low) return `Each binarizer lets the gradient through at ${high} of the entries.`;
  return `Backwards, ${nameOf(ends.high)} lets the gradient through at ${high} of the entries, ${nameOf(ends.low)} at ${low}.`;
}

interface End {
  readonly id: BinarizerNumbers['id'];
  readonly value: number;
}

/** Highest and lowest by a measure, the first of equals; `null` where fewer than two are defined. */
function endsOf(
  numbers: readonly BinarizerNumbers[],
  measure: MeasureId,
): { readonly high: End; readonly low: End } | null {
  const ends = numbers.flatMap(({ id, [measure]: value }) => (value === null ? [] : [{ id, value }]));
  const [first, ...others] = ends;
  if (first === undefined || others.length === 0) return null;
  return {
    high: others.reduce((best, end) => (end.value > best.value ? end : best), first),
    low: others.reduce((best, end) => (end.value < best.value ? end : best), first),
  };
}

function nameOf({ id }: { readonly id: BinarizerNumbers['id'] }): string {
  return binarizerRecord(id).short;
}
