/** The seven binarizers against their definitions, written down a second time and entry by entry. */
import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import type { AttentionBinarizer, AttentionHead } from '@/lib/quantizers/attention-binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention-binarizers';
import { bool } from '@/lib/quantizers/bool';
import { decomposition } from '@/lib/quantizers/decomposition';
import { elastic } from '@/lib/quantizers/elastic';
import { groupSuperposition } from '@/lib/quantizers/group-superposition';
import { qKOnly } from '@/lib/quantizers/q-k-only';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { softmaxAware } from '@/lib/quantizers/softmax-aware';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import { BINARIZER_IDS } from '@/lib/quantizers/binarizer-list';

function binarizer(id: BinarizerId): AttentionBinarizer {
  const found = ATTENTION_BINARIZERS.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** A head whose map is what it says, for binarizers that read nothing else. */
function headOfMap(rows: readonly (readonly number[])[], scores?: readonly (readonly number[])[]): AttentionHead {
  const tokens = rows.length;
  const q = Array.from({ length: tokens }, () => 1);
  return { tokens, attention: rows.flat(), scores: (scores ?? rows).flat(), q, k: q };
}

function randomHead(seed: number, tokens = 6, size = 4): AttentionHead {
  const rng = createRng(seed);
  const draw = (length: number) => Array.from({ length }, () => rng.normal());
  const [q, k] = [draw(tokens * size), draw(tokens * size)];
  const scores: number[] = [];
  for (let i = 0; i < tokens; i++) {
    for (let j = 0; j < tokens; j++) {
      let sum = 0;
      for (let d = 0; d < size; d++) sum += Number(q[i * size + d]) * Number(k[j * size + d]);
      scores.push((2 * sum) / Math.sqrt(size));
    }
  }
  const attention = Array.from({ length: tokens }, (_, i) => [
    ...softmax(scores.slice(i * tokens, (i + 1) * tokens)),
  ]).flat();
  return { tokens, scores, attention, q, k };
}

const rowOf = (matrix: ArrayLike<number>, tokens: number, i: number): number[] =>
  Array.from(matrix).slice(i * tokens, (i + 1) * tokens);

function parametersOf(id: BinarizerId, head: AttentionHead, fit: BinarizerFit): readonly number[] {
  return binarizer(id)
    .binarize(head, fit)
    .parameters.map(({ value }) => value);
}

/** Forward and surrogate of FACTS 5, without the code under test: what becomes of row i, and which entries pass. */
function byDefinition(
  id: BinarizerId,
  head: AttentionHead,
  fit: BinarizerFit,
  i: number,
): { values: number[]; pass: number } {
  const { tokens } = head;
  const p = rowOf(head.attention, tokens, i);
  const s = rowOf(head.scores, tokens, i);
  const largest = Math.max(...p);
  const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;
  const parameters = parametersOf(id, head, fit);
  const [first = NaN, second = NaN, third = NaN] = parameters;
  switch (id) {
    case 'sign-alpha': {
      const u = p.map((x) => x / first + second);
      return { values: u.map((x) => first * (Math.sign(x) - second)), pass: share(u.map((x) => Math.abs(x) <= 1)) };
    }
    case 'bool':
      return { values: s.map((x) => (x >= 0 ? 1 : 0)), pass: share(s.map((x) => Math.abs(x) < 1)) };
    case 'elastic':
      return {
        values: p.map((x) => (x / first <= 0.5 ? 0 : first)),
        pass: share(p.map((x) => x >= 0 && x / first <= 1)),
      };
    case 'softmax-aware':
      return { values: p.map((x) => (x >= largest / 4 ? 1 : 0)), pass: share(s.map((x) => Math.abs(x) < 1)) };
    case 'group-superposition': {
      const lift = p.map((x) => (x > 0.7 * largest ? second : 0) + (x > 0.9 * largest ? third : 0));
      return {
        values: p.map((x, j) => (x / first <= 0.5 ? 0 : first) + Number(lift[j])),
        pass: share(p.map((x, j) => x / first <= 1 || Number(lift[j]) !== 0)),
      };
    }
    case 'decomposition':
      return {
        values: p.map((x) => [1, 2, 3].filter((t) => Math.round(3 * x) >= t - 0.5).length),
        pass: 1,
      };
    case 'q-k-only': {
      const size = head.q.length / tokens;
      const mean = (side: ArrayLike<number>) => Array.from(side).reduce((sum, x) => sum + Math.abs(x), 0) / side.length;
      const sign = (x: number) => (x >= 0 ? 1 : -1);
      const q = rowOf(head.q, size, i);
      const products = p.map((_, j) =>
        rowOf(head.k, size, j).reduce((sum, x, d) => sum + sign(x) * sign(Number(q[d])), 0),
      );
      const powers = products.map((x) => Math.exp((mean(head.q) * mean(head.k) * x) / Math.sqrt(size)));
      const total = powers.reduce((sum, x) => sum + x, 0);
      return {
        values: powers.map((x) => x / total),
        pass: share([...q, ...Array.from(head.k)].map((x) => Math.abs(x) <= 1)),
      };
    }
  }
}

describe('the seven binarizers', () => {
  it('are those of the comparison, in its order, each with a complete record', () => {
    expect(ATTENTION_BINARIZERS.map(({ id }) => id)).toEqual(BINARIZER_IDS);
    for (const { name, equation, source, passNote } of ATTENTION_BINARIZERS) {
      expect(name.length).toBeGreaterThan(3);
      expect(source).toMatch(/arXiv \d{4}\.\d{4,5}/);
      expect(katex.renderToString(equation, { throwOnError: true, strict: 'error' })).toContain('katex');
      if (passNote !== null) expect(passNote).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set(ATTENTION_BINARIZERS.map(({ name }) => name)).size).toBe(7);
    const bits = (id: BinarizerId) => [binarizer(id).bits, binarizer(id).levels];
    expect([bits('elastic'), bits('decomposition'), bits('group-superposition'), bits('q-k-only')]).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
      [1, null],
    ]);
  });

  it.each(BINARIZER_IDS)('%s does what its definition says, row by row', (id) => {
    for (const fit of ['official', 'least-squares'] as const) {
      for (let seed = 1; seed <= 12; seed++) {
        const head = randomHead(seed);
        const { values, passShare } = binarizer(id).binarize(head, fit);
        for (let i = 0; i < head.tokens; i++) {
          const expected = byDefinition(id, head, fit, i);
          rowOf(values, head.tokens, i).forEach((value, j) => {
            expect(value).toBeCloseTo(Number(expected.values[j]), 12);
          });
          expect(passShare(i)).toBeCloseTo(expected.pass, 12);
        }
      }
    }
  });

  it('start officially at alpha = 2 / N: sign makes a constant row of it, elastic asks for more than an even share', () => {
    const head = headOfMap([
      [0.7, 0.1, 0.15, 0.05],
      [0.25, 0.25, 0.25, 0.25],
      [0, 0, 0.5, 0.5],
      [0.3, 0.3, 0.2, 0.2],
    ]);
    const sign = binarizer('sign-alpha').binarize(head, 'official');
    expect(sign.parameters).toEqual([
      { symbol: String.raw`\alpha`, value: 0.5 },
      { symbol: String.raw`\hat{z}`, value: 0 },
    ]);
    // Constant wherever p is positive; the third level of the official sign keeps an exact 0.
    expect([...sign.values]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    const rounded = binarizer('elastic').binarize(head, 'official');
    expect([...rounded.values]).toEqual([0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0]);
    expect([sign.passShare(0), rounded.passShare(0)]).toEqual([0.75, 0.75]);
  });

  it('decide ties and borders as written: a zero score is on, and so is a quarter of the largest', () => {
    const rows = [
      [0.4, 0.1, 0.28, 0.22],
      [0.25, 0.25, 0.25, 0.25],
      [1, 0, 0, 0],
      [0.5, 0.125, 0.1875, 0.1875],
    ];
    const scores = [
      [0, -0, 1, -1],
      [-0.5, 0.999, -1e-300, 2],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ];
    const head = headOfMap(rows, scores);
    const values = (id: BinarizerId, i: number) => rowOf(binarizer(id).binarize(head, 'official').values, 4, i);
    expect(values('bool', 0)).toEqual([1, 1, 1, 0]);
    expect(values('bool', 1)).toEqual([0, 1, 0, 1]);
    expect(values('softmax-aware', 0)).toEqual([1, 1, 1, 1]);
    expect(values('softmax-aware', 3)).toEqual([1, 1, 1, 1]);
    expect(values('softmax-aware', 2)).toEqual([1, 0, 0, 0]);
    expect(values('decomposition', 2)).toEqual([3, 0, 0, 0]);
    expect(values('decomposition', 3)).toEqual([2, 0, 1, 1]); // 1.5 rounds to the even 2, 0.375 to 0, 0.5625 to 1
    const passes = (id: BinarizerId, i: number) => binarizer(id).binarize(head, 'official').passShare(i);
    expect([passes('bool', 0), passes('bool', 1), passes('softmax-aware', 3)]).toEqual([0.5, 0.75, 0]);
  });

  it('have scalar records that agree with the map', () => {
    expect([-0.1, -0, 0, 2].map((s) => bool.forward(s, {}))).toEqual([0, 1, 1, 1]);
    expect([0, 1 / 6, 0.17, 0.5, 0.84, 1].map((p) => decomposition.forward(p, {}))).toEqual([0, 0, 1, 2, 3, 3]);
    expect([0, 1, 1.01, -0.01].map((p) => decomposition.surrogate(p, {}))).toEqual([1, 1, 0, 0]);
    expect([0, -0, -3].map((x) => qKOnly.forward(x, { mu: 0.5 }))).toEqual([0.5, 0.5, -0.5]);
    expect([-1, 1, 1.001].map((x) => qKOnly.surrogate(x, { mu: 0.5 }))).toEqual([1, 1, 0]);
    expect([2, 0.62, 0.61].map((s) => softmaxAware.forward(s, { largest: 2 }))).toEqual([1, 1, 0]);
    expect([-1, -0.99, 0.99, 1].map((s) => softmaxAware.surrogate(s, { largest: 9 }))).toEqual([0, 1, 1, 0]);
    const parameters = { a1: 0.4, a2: 0.2, a3: 0.1, largest: 1 };
    const sums = [0.2, 0.21, 0.7, 0.71, 0.91].map((p) => groupSuperposition.forward(p, parameters));
    [0, 0.4, 0.4, 0.6, 0.7].forEach((expected, i) => expect(sums[i]).toBeCloseTo(expected, 12));
    const slopes = [0.4, 0.41, 0.71, 0.91].map((p) => groupSuperposition.surrogate(p, parameters));
    [1, 0, 0.2, 0.3].forEach((expected, i) => expect(slopes[i]).toBeCloseTo(expected, 12));
  });

  it('leave a row of zeros at 0 where they scale, and refuse a head without any attention', () => {
    const zeros = [0, 0, 0];
    const head = headOfMap([zeros, [1, 0, 0], [0.2, 0.3, 0.5]]);
    for (const id of ['sign-alpha', 'elastic', 'group-superposition', 'decomposition'] as const) {
      for (const fit of ['official', 'least-squares'] as const) {
        expect(rowOf(binarizer(id).binarize(head, fit).values, 3, 0)).toEqual(zeros);
      }
    }
    for (const each of ATTENTION_BINARIZERS) {
      expect(() => each.binarize(headOfMap([zeros, zeros, zeros]), 'official')).toThrow(RangeError);
    }
  });

  it('refuse what is no head: NaN, infinities, a negative attention, a wrong shape', () => {
    const good = randomHead(1, 3, 2);
    const bad: readonly AttentionHead[] = [
      { ...good, attention: [...good.attention].fill(NaN, 0, 1) },
      { ...good, scores: [...good.scores].fill(Infinity, 0, 1) },
      { ...good, q: [...good.q].fill(NaN, 0, 1) },
      { ...good, attention: [...good.attention].fill(-0.1, 0, 1) },
      { ...good, tokens: 2 },
      { ...good, k: [...good.k].slice(1) },
      { ...good, q: [], k: [] },
    ];
    for (const head of bad) {
      for (const each of ATTENTION_BINARIZERS) {
        expect(() => each.binarize(head, 'least-squares')).toThrow(RangeError);
      }
    }
  });

  it('never err more by least squares than officially', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const head = randomHead(seed);
        for (const id of ['sign-alpha', 'elastic'] as const) {
          const loss = (fit: BinarizerFit) =>
            binarizer(id)
              .binarize(head, fit)
              .values.reduce((sum, value, i) => sum + (value - Number(head.attention[i])) ** 2, 0);
          expect(loss('least-squares')).toBeLessThanOrEqual(loss('official') + 1e-12);
        }
      }),
    );
  });

  it('make the same of an entry by sign at z = -1 and by elastic at twice its scale, but where the sign is 0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (p, alpha) => {
          fc.pre(Math.abs(p - alpha) > 1e-9);
          expect(signAlpha.forward(p, { alpha, zeroPoint: -1, signOfZero: 0 })).toBe(
            elastic.forward(p, { alpha: 2 * alpha }),
          );
        },
      ),
    );
    expect(signAlpha.forward(0.3, { alpha: 0.3, zeroPoint: -1, signOfZero: 0 })).toBe(0.3);
  });
});
