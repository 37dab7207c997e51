/** Whether contestants that compute the same function give the same logits. */
import { indexOfLargest } from '@/lib/math/index-of-largest';
import type { ContestantId } from '@/scripts/bench/contestant';

export interface Agreement {
  readonly a: ContestantId;
  readonly b: ContestantId;
  readonly images: number;
  /** How many of them have the same largest logit. */
  readonly sameClass: number;
  readonly largestDifference: number;
  /** The largest |logit| of `a`, to judge the difference by. */
  readonly largestLogit: number;
}

interface Answer {
  readonly id: ContestantId;
  readonly logits: Float32Array | null;
}

/** Contestants whose logits should agree; the others are compared with the first of each group. */
const GROUPS: readonly (readonly ContestantId[])[] = [
  ['float-binary', 'packed'],
  ['tfjs-wasm', 'tfjs-cpu', 'tfjs-webgl', 'tfjs-webgpu', 'ort-web', 'ort-node'],
];

/** @param foreignOnnx leaves out onnxruntime, which then runs another model */
export function compareAll(answers: readonly Answer[], batch: number, foreignOnnx: boolean): readonly Agreement[] {
  return GROUPS.flatMap((group) => {
    const [first, ...others] = group.flatMap((id) => {
      const logits = answers.find((answer) => answer.id === id)?.logits ?? null;
      return logits === null || (foreignOnnx && id.startsWith('ort')) ? [] : [{ id, logits }];
    });
    return first === undefined ? [] : others.map((other) => compare(first, other, batch));
  });
}

type Answered = { readonly id: ContestantId; readonly logits: Float32Array };

function compare(a: Answered, b: Answered, batch: number): Agreement {
  const classes = a.logits.length / batch;
  const classAt = ({ logits }: Answered, row: number): number =>
    indexOfLargest(logits.subarray(row * classes, (row + 1) * classes));
  return {
    a: a.id,
    b: b.id,
    images: batch,
    sameClass: Array.from({ length: batch }, (_, row) => classAt(a, row) === classAt(b, row)).filter(Boolean).length,
    largestDifference: a.logits.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.logits[i] ?? NaN))), 0),
    largestLogit: a.logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}
