/** Heads and maps for tests of attention binarizers, and the check that every one of them goes through. */
import { expect, it } from 'vitest';
import { at } from '@/lib/math/number-row';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import type { AttentionHead, AttentionMaps } from '@/lib/quantizers/attention/binarizer';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import type { BinarizerId } from '@/lib/quantizers/attention/records';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf, valueAndGradients } from '@/lib/tf';

export const FITS: readonly BinarizerFit[] = ['official', 'least-squares'];

/** A head with that map, for binarizers that read nothing else. */
export function headOfMap(
  rows: readonly (readonly number[])[],
  scores: readonly (readonly number[])[] = rows,
): AttentionHead {
  const ones = rows.map(() => 1);
  return { tokens: rows.length, attention: rows.flat(), scores: scores.flat(), q: ones, k: ones };
}

export function randomHead(seed: number, tokens = 6, size = 4): AttentionHead {
  const rng = createRng(seed);
  const draw = (length: number) => Array.from({ length }, () => rng.normal());
  const [q, k] = [draw(tokens * size), draw(tokens * size)];
  const indices = Array.from({ length: tokens }, (_, i) => i);
  const rows = indices.map((i) =>
    indices.map((j) => {
      const products = rowOf(q, size, i).map((x, d) => x * at(k, j * size + d));
      return (2 * products.reduce((sum, x) => sum + x, 0)) / Math.sqrt(size);
    }),
  );
  return { tokens, scores: rows.flat(), attention: rows.flatMap((row) => [...softmax(row)]), q, k };
}

export const rowOf = (matrix: ArrayLike<number>, columns: number, i: number): number[] =>
  Array.from(matrix).slice(i * columns, (i + 1) * columns);

export const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;

/** One row as its definition has it. */
export interface DefinedRow {
  readonly values: readonly number[];
  readonly passShare: number;
}

/** @param parameters in the order in which the binarizer shows them */
export type Definition = (
  row: { readonly p: readonly number[]; readonly s: readonly number[]; readonly i: number },
  parameters: readonly number[],
  head: AttentionHead,
) => DefinedRow;

/** Forward and pass share against the definition, written a second time and without the code under test. */
export function itFollows(id: BinarizerId, definition: Definition): void {
  it.each(FITS)('does what its definition says, row by row, with parameters by the %s fit', (fit) => {
    for (let seed = 1; seed <= 12; seed++) {
      const head = randomHead(seed);
      const { values, parameters, passShare } = attentionBinarizer(id).binarize(head, fit);
      for (let i = 0; i < head.tokens; i++) {
        const row = { p: rowOf(head.attention, head.tokens, i), s: rowOf(head.scores, head.tokens, i), i };
        const expected = definition(
          row,
          parameters.map(({ value }) => value),
          head,
        );
        expectClose(rowOf(values, head.tokens, i), expected.values, 12);
        expect(passShare(i)).toBeCloseTo(expected.passShare, 12);
      }
    }
  });
}

export const [HEADS, TOKENS, SIZE] = [3, 11, 4] as const;

interface Maps extends AttentionMaps {
  readonly q: tf.Tensor4D;
  readonly k: tf.Tensor4D;
}

/** Scores from nearly even rows to saturated ones. */
export function randomMaps(seed: number, batch = 1): Maps {
  const rng = createRng(seed);
  const normal = (rows: number, columns: number, spread: (i: number) => number) =>
    tf.tensor4d(
      Float32Array.from({ length: batch * HEADS * rows * columns }, (_, i) => spread(i) * rng.normal()),
      [batch, HEADS, rows, columns],
    );
  const scores = normal(TOKENS, TOKENS, (i) => 0.2 * 1.5 ** (Math.floor(i / TOKENS) % TOKENS));
  const side = () => normal(TOKENS, SIZE, () => 1);
  return { scores, attention: tf.softmax(scores, -1), q: side(), k: side() };
}

/** As the whole-head form takes them: B * H. */
export function headsOf({ scores, attention, q, k }: Maps): readonly AttentionHead[] {
  const count = scores.shape[0] * HEADS;
  const part = (tensor: tf.Tensor4D, i: number) => {
    const size = tensor.size / count;
    return tensor.dataSync<'float32'>().slice(i * size, (i + 1) * size);
  };
  return Array.from({ length: count }, (_, i) => ({
    tokens: TOKENS,
    scores: part(scores, i),
    attention: part(attention, i),
    q: part(q, i),
    k: part(k, i),
  }));
}

export function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits = 5): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i], `element ${i}`).toBeCloseTo(value, digits));
}

/** Of sum(value * cotangent), with respect to x. */
export function gradientOf(apply: () => Quantized, cotangent: tf.Tensor, x: tf.Tensor): number[] {
  return tf.tidy(() => {
    const { gradients } = valueAndGradients(() => tf.sum<tf.Scalar>(tf.mul(apply().value, cotangent)), [x]);
    return Array.from(gradients[0]?.dataSync() ?? []);
  });
}

export function cotangents(shape: readonly number[], seed: number): tf.Tensor {
  const rng = createRng(seed);
  const length = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length }, () => rng.normal()),
    [...shape],
  );
}

/** Of a binarizer with its fitted scales; not of one that leaves the map real or is an activation quantizer. */
export function applyFitted(id: BinarizerId, maps: AttentionMaps, fit: BinarizerFit): () => Quantized {
  const binarizer = attentionBinarizer(id);
  const parameters = binarizer.fit(maps, fit);
  if (!('scales' in parameters) || binarizer.apply === undefined) throw new Error(`${id} has no tensors of its own`);
  const scales = Object.fromEntries(
    Object.entries(parameters.scales).map(([name, values]) => [name, tf.tensor1d(values)]),
  );
  return () => {
    const quantized = binarizer.apply?.(maps, scales);
    if (quantized === undefined) throw new Error(id);
    return quantized;
  };
}
