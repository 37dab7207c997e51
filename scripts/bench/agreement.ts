/** Whether contestants that compute the same give the same. */
import { BINARY, REAL, type ContestantId } from '@/scripts/bench/contestant';

export interface Agreement {
  readonly a: ContestantId;
  readonly b: ContestantId;
  readonly images: number;
  /** Of them, with the same largest logit. */
  readonly sameClass: number;
  readonly largestDifference: number;
  /** Of the logits of `a`, as a measure for the difference. */
  readonly largestLogit: number;
}

interface Answer {
  readonly id: ContestantId;
  readonly logits: Float32Array | null;
  readonly batch: number;
}

/** Binary ones with each other, and those of full precision. @param foreignOnnx leaves onnxruntime out: it runs another model */
export function compareAll(answers: readonly Answer[], foreignOnnx: boolean): readonly Agreement[] {
  return [BINARY, REAL].flatMap((group) => {
    const members = group
      .map((id) => answers.find((answer) => answer.id === id))
      .filter((answer) => answer !== undefined)
      .filter(({ id, logits }) => logits !== null && !(foreignOnnx && id.startsWith('ort')));
    const [first, ...others] = members;
    return first === undefined ? [] : others.map((other) => compare(first, other));
  });
}

function compare(a: Answer, b: Answer): Agreement {
  const [left, right] = [a.logits ?? new Float32Array(), b.logits ?? new Float32Array()];
  const classes = left.length / a.batch;
  const rows = Array.from({ length: a.batch }, (_, row) => [row * classes, (row + 1) * classes] as const);
  return {
    a: a.id,
    b: b.id,
    images: a.batch,
    sameClass: rows.filter((range) => largest(left.subarray(...range)) === largest(right.subarray(...range))).length,
    largestDifference: left.reduce((most, value, i) => Math.max(most, Math.abs(value - (right[i] ?? NaN))), 0),
    largestLogit: left.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

function largest(row: Float32Array): number {
  return row.reduce((best, value, i) => (value > (row[best] ?? -Infinity) ? i : best), 0);
}
