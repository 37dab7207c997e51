/** Each attention binarizer on tensors against its own form on whole heads in float64, entry by entry, and gradient by gradient. */
import { expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { at, matrixRow } from '@/lib/math/number-row';
import { largestOf, type AttentionHead } from '@/lib/quantizers/attention-binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention-binarizers';
import { applyBool, bool } from '@/lib/quantizers/bool';
import { applyDecomposition, decomposition } from '@/lib/quantizers/decomposition';
import { fitSuperposition } from '@/lib/quantizers/fit-superposition';
import { applyGroupSuperposition, groupSuperposition } from '@/lib/quantizers/group-superposition';
import { applyQKOnly, qKOnly } from '@/lib/quantizers/q-k-only';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { applySoftmaxAware, softmaxAware } from '@/lib/quantizers/softmax-aware';
import { tf, valueAndGradients } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';

const [BATCH, HEADS, TOKENS, SIZE] = [2, 3, 11, 4];
const SHAPE = [BATCH, HEADS, TOKENS, TOKENS] as const;

interface Maps {
  readonly scores: tf.Tensor4D;
  readonly attention: tf.Tensor4D;
  readonly q: tf.Tensor4D;
  readonly k: tf.Tensor4D;
}

/** Scores that range from nearly even rows to saturated ones. */
function maps(seed: number): Maps {
  const rng = createRng(seed);
  const normal = (length: number, spread: (i: number) => number) =>
    Float32Array.from({ length }, (_, i) => spread(i) * rng.normal());
  const rowSpread = (i: number) => 0.2 * 1.5 ** (Math.floor(i / TOKENS) % TOKENS);
  const scores = tf.tensor4d(normal(BATCH * HEADS * TOKENS ** 2, rowSpread), [...SHAPE]);
  const side = () =>
    tf.tensor4d(
      normal(BATCH * HEADS * TOKENS * SIZE, () => 1),
      [BATCH, HEADS, TOKENS, SIZE],
    );
  return { scores, attention: tf.softmax(scores, -1), q: side(), k: side() };
}

/** As the whole-head form takes them. */
function headsOf({ scores, attention, q, k }: Maps): readonly AttentionHead[] {
  const part = (tensor: tf.Tensor4D, i: number) => {
    const size = tensor.size / (BATCH * HEADS);
    return tensor.dataSync<'float32'>().slice(i * size, (i + 1) * size);
  };
  return Array.from({ length: BATCH * HEADS }, (_, i) => ({
    tokens: TOKENS,
    scores: part(scores, i),
    attention: part(attention, i),
    q: part(q, i),
    k: part(k, i),
  }));
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits = 5): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i], `element ${i}`).toBeCloseTo(value, digits));
}

/** Of sum(value * cotangent), with respect to x. */
function gradientOf(apply: () => Quantized, cotangent: tf.Tensor, x: tf.Tensor): number[] {
  return tf.tidy(() => {
    const { gradients } = valueAndGradients(() => tf.sum<tf.Scalar>(tf.mul(apply().value, cotangent)), [x]);
    return Array.from(gradients[0]?.dataSync() ?? []);
  });
}

function cotangents(shape: readonly number[], seed: number): tf.Tensor {
  const rng = createRng(seed);
  const length = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length }, () => rng.normal()),
    [...shape],
  );
}

function wholeHeads(id: string, heads: readonly AttentionHead[]): readonly number[] {
  const binarizer = ATTENTION_BINARIZERS.find((each) => each.id === id);
  if (binarizer === undefined) throw new Error(`no binarizer ${id}`);
  return heads.flatMap((head) => [...binarizer.binarize(head, 'least-squares').values]);
}

/** Surrogate of every entry of a map, times the cotangent. */
function slopes(
  heads: readonly AttentionHead[],
  cotangent: tf.Tensor,
  surrogate: (head: AttentionHead, row: number, column: number, index: number) => number,
): readonly number[] {
  const weights = cotangent.dataSync();
  return Array.from({ length: weights.length }, (_, i) => {
    const index = Math.floor(i / TOKENS ** 2);
    const head = heads[index];
    if (head === undefined) throw new Error('no such head');
    return at(weights, i) * surrogate(head, Math.floor(i / TOKENS) % TOKENS, i % TOKENS, index);
  });
}

const entry = (map: AttentionHead['scores'], row: number, column: number) => at(map, row * TOKENS + column);

describeOnEachBackend('attention binarizers on tensors', () => {
  it.each([1, 2, 3])('bool and the softmax-aware threshold equal their whole-head forms (%i)', (seed) => {
    tf.tidy(() => {
      const all = maps(seed);
      const heads = headsOf(all);
      const onScores = [
        { id: 'bool', apply: () => applyBool(all.scores), scalar: bool },
        { id: 'softmax-aware', apply: () => applySoftmaxAware(all.attention, all.scores), scalar: softmaxAware },
      ] as const;
      const cotangent = cotangents(SHAPE, seed + 10);
      for (const { id, apply, scalar } of onScores) {
        expectClose(apply().value.dataSync(), wholeHeads(id, heads));
        expectClose(
          gradientOf(apply, cotangent, all.scores),
          slopes(heads, cotangent, ({ scores }, row, column) =>
            scalar.surrogate(entry(scores, row, column), { largest: 0 }),
          ),
        );
      }
    });
  });

  it('bool lets no gradient through to the softmax, and is 1 at 0 and at -0', () => {
    tf.tidy(() => {
      const scores = tf.tensor4d([-0, 0, -1e-30, 1, -1, 0.5], [1, 1, 2, 3]);
      expect(Array.from(applyBool(scores).value.dataSync())).toEqual([1, 1, 0, 1, 0, 1]);
      expect(gradientOf(() => applyBool(scores), tf.fill([1, 1, 2, 3], 2), scores)).toEqual([2, 2, 2, 0, 0, 2]);
    });
  });

  it.each([1, 2, 3])('decomposition equals its whole-head form (%i)', (seed) => {
    tf.tidy(() => {
      const all = maps(seed);
      const heads = headsOf(all);
      const apply = () => applyDecomposition(all.attention);
      expectClose(apply().value.dataSync(), wholeHeads('decomposition', heads));
      const cotangent = cotangents(SHAPE, seed);
      const surrogate = ({ attention }: AttentionHead, row: number, column: number) =>
        decomposition.surrogate(entry(attention, row, column), {});
      expectClose(gradientOf(apply, cotangent, all.attention), slopes(heads, cotangent, surrogate));
    });
  });

  it('decomposition rounds halves to even, and clips', () => {
    tf.tidy(() => {
      const p = [-0.5, 0, 0.5, 5 / 6, 1, 1.5];
      const x = tf.tensor4d(p, [1, 1, 2, 3]);
      expectClose(applyDecomposition(x).value.dataSync(), [0, 0, 2, 2, 3, 3]);
      expect(gradientOf(() => applyDecomposition(x), tf.ones([1, 1, 2, 3]), x)).toEqual(
        p.map((value) => decomposition.surrogate(value, {})),
      );
    });
  });

  it.each([1, 2, 3])('group superposition equals its whole-head form, a head’s scales its own (%i)', (seed) => {
    tf.tidy(() => {
      const all = maps(seed);
      const heads = headsOf(all);
      // Scales are those of a head, whatever the picture: fitted to one, and met by both.
      const fits = heads.slice(0, HEADS).map(({ attention }) => fitSuperposition(attention, TOKENS));
      const scale = (name: 'a1' | 'a2' | 'a3') => tf.tensor1d(fits.map((fit) => fit[name]));
      const scales = { a1: scale('a1'), a2: scale('a2'), a3: scale('a3') };
      const apply = () => applyGroupSuperposition(all.attention, scales);
      const parametersAt = ({ attention }: AttentionHead, row: number, index: number) => {
        const { a1 = NaN, a2 = NaN, a3 = NaN } = fits[index % HEADS] ?? {};
        return { a1, a2, a3, largest: largestOf(matrixRow(attention, TOKENS, row)) };
      };
      const values = apply().value.dataSync();
      const ones = tf.ones([...SHAPE]);
      const forward = slopes(heads, ones, (head, row, column, index) =>
        groupSuperposition.forward(entry(head.attention, row, column), parametersAt(head, row, index)),
      );
      expectClose(values, forward);
      expectClose(values.slice(0, HEADS * TOKENS ** 2), wholeHeads('group-superposition', heads.slice(0, HEADS)));
      const cotangent = cotangents(SHAPE, seed);
      const surrogate = (head: AttentionHead, row: number, column: number, index: number) =>
        groupSuperposition.surrogate(entry(head.attention, row, column), parametersAt(head, row, index));
      expectClose(gradientOf(apply, cotangent, all.attention), slopes(heads, cotangent, surrogate));
    });
  });

  it.each([1, 2, 3])('q and k by their means give the whole-head form’s map (%i)', (seed) => {
    tf.tidy(() => {
      const all = maps(seed);
      const [q, k] = [applyQKOnly(all.q).value, applyQKOnly(all.k).value];
      const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(SIZE));
      expectClose(tf.softmax(scores, -1).dataSync(), wholeHeads('q-k-only', headsOf(all)));
    });
  });

  it('the sign of q passes its gradient in the window, and mu is differentiated as it stands', () => {
    tf.tidy(() => {
      const { q } = maps(4);
      const cotangent = cotangents(q.shape, 5);
      const [x, g] = [q.dataSync<'float32'>(), cotangent.dataSync<'float32'>()];
      const size = TOKENS * SIZE;
      const expected = Array.from(x, (value, i) => {
        const start = Math.floor(i / size) * size;
        const head = x.slice(start, start + size);
        const mu = head.reduce((sum, each) => sum + Math.abs(each), 0) / size;
        const ofMu = head.reduce((sum, each, j) => sum + at(g, start + j) * Math.sign(each), 0) / size;
        return at(g, i) * mu * qKOnly.surrogate(value, { mu }) + Math.sign(value) * ofMu;
      });
      expectClose(
        gradientOf(() => applyQKOnly(q), cotangent, q),
        expected,
      );
    });
  });

  it('have levels whose product with the scale is the value, and integers where one bit holds them', () => {
    tf.tidy(() => {
      const { attention, scores, q } = maps(6);
      const one = tf.tensor1d([0.2, 0.3, 0.1]);
      const all = {
        bool: applyBool(scores),
        softmaxAware: applySoftmaxAware(attention, scores),
        decomposition: applyDecomposition(attention),
        superposition: applyGroupSuperposition(attention, { a1: one, a2: one, a3: one }),
        qKOnly: applyQKOnly(q),
      };
      for (const [name, { value, levels }] of Object.entries(all)) {
        if (levels === null) throw new Error('no levels');
        expectClose(value.dataSync(), Array.from(tf.mul(levels.integers, levels.scale).dataSync()), 6);
        expect(levels.integers.dataSync().every(Number.isInteger), name).toBe(name !== 'superposition');
      }
    });
  });
});
