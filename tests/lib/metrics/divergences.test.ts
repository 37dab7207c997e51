import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entropy, explainEntropy } from '@/lib/metrics/entropy';
import { entropyDifference, entropyShift, explainEntropyDifference } from '@/lib/metrics/entropy-difference';
import { explainJensenShannon, jensenShannon, jensenShannonNats } from '@/lib/metrics/jensen-shannon';
import { explainKullbackLeibler, kullbackLeibler, kullbackLeiblerEpsilon } from '@/lib/metrics/kullback-leibler';
import { distribution, mass } from '@/lib/metrics/mass';
import { pairOf, permutedPairOf, weight } from './rows';

const withMass = (row: readonly number[]) => mass(row) !== null;

describe('mass and distribution', () => {
  test('a distribution sums to 1 and keeps the ratios', () => {
    expect([...(distribution([1, 0, 3]) ?? [])]).toEqual([0.25, 0, 0.75]);
  });

  test('there is none without mass, with a negative entry, or with one that is not finite', () => {
    for (const row of [[], [0, 0], [1, -0.5], [1, NaN], [1, Infinity]]) {
      expect(mass(row)).toBeNull();
      expect(distribution(row)).toBeNull();
    }
  });
});

describe('jensenShannon', () => {
  test('is exactly 0 for a row against itself', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 60 }).filter(withMass), (row) => {
        expect(jensenShannon(row, row)).toBe(0);
      }),
    );
  });

  test('is 1 bit for rows that share no key, and ln 2 nats', () => {
    expect(jensenShannon([1, 1, 0, 0], [0, 0, 5, 2])).toBe(1);
    expect(jensenShannonNats([1, 1, 0, 0], [0, 0, 5, 2])).toBe(Math.LN2);
  });

  test('is symmetric, within [0, 1], and blind to the order of the keys', () => {
    fc.assert(
      fc.property(permutedPairOf(weight), ([t, s, places]) => {
        fc.pre(withMass(t) && withMass(s));
        const divergence = jensenShannon(t, s);
        const moved = (row: number[]) => places.map((place) => Number(row[place]));
        expect(divergence).toBeGreaterThanOrEqual(0);
        expect(divergence).toBeLessThanOrEqual(1);
        expect(jensenShannon(s, t)).toBe(divergence);
        expect(jensenShannon(moved(t), moved(s))).toBeCloseTo(Number(divergence), 12);
      }),
    );
  });

  test('does not see the scale of a row', () => {
    fc.assert(
      fc.property(pairOf(fc.double({ min: 0.01, max: 1, noNaN: true })), ([t, s]) => {
        expect(
          jensenShannon(
            t,
            s.map((value) => 0.37 * value),
          ),
        ).toBeCloseTo(Number(jensenShannon(t, s)), 12);
      }),
    );
  });

  test('is null where a binarized row is all zero, and where an entry is negative', () => {
    expect(jensenShannon([0.2, 0.8], [0, 0])).toBeNull();
    expect(jensenShannon([0, 0], [0.2, 0.8])).toBeNull();
    expect(jensenShannon([0.2, 0.8], [0.5, -0.5])).toBeNull();
    expect(jensenShannonNats([0.2, 0.8], [0, 0])).toBeNull();
  });

  test('explains itself by the halves that come from the teacher and from the student', () => {
    const { terms, result } = explainJensenShannon([1, 0], [1, 1]);
    const [fromTeacher, fromStudent] = terms.map(({ value }) => Number(value));
    expect(fromTeacher).toBeCloseTo(Math.log2(4 / 3), 14);
    expect(fromStudent).toBeCloseTo(0.5 * Math.log2(2 / 3) + 0.5, 14);
    expect(result).toBeCloseTo((Number(fromTeacher) + Number(fromStudent)) / 2, 14);
    expect(explainJensenShannon([1, 0], [0, 0])).toMatchObject({ result: null, latex: expect.stringContaining('–') });
  });
});

describe('kullbackLeibler', () => {
  test('is exactly 0 for a row against itself, and never negative', () => {
    fc.assert(
      fc.property(pairOf(weight), ([t, s]) => {
        fc.pre(withMass(t) && withMass(s));
        expect(kullbackLeibler(t, t)).toBe(0);
        expect(kullbackLeibler(t, s)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('is finite where the student has a zero and the teacher has none, and near ln(1 / epsilon) at the most', () => {
    const worst = kullbackLeibler([1, 0], [0, 1]);
    expect(worst).toBeCloseTo(Math.log(1 / kullbackLeiblerEpsilon), 5);
  });

  test('without smoothing it is the textbook sum, and null where that is infinite', () => {
    expect(kullbackLeibler([0.5, 0.5], [0.25, 0.75], 0)).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 14);
    expect(kullbackLeibler([0, 1], [0.5, 0.5], 0)).toBeCloseTo(Math.LN2, 14);
    expect(kullbackLeibler([0.5, 0.5], [0, 1], 0)).toBeNull();
  });

  test('bounds the Jensen-Shannon divergence by a quarter of the sum of both directions', () => {
    fc.assert(
      fc.property(pairOf(fc.double({ min: 0.01, max: 1, noNaN: true })), ([t, s]) => {
        const both = Number(kullbackLeibler(t, s)) + Number(kullbackLeibler(s, t));
        expect(Number(jensenShannonNats(t, s))).toBeLessThanOrEqual(both / 4 + 1e-6);
      }),
    );
  });

  test('is null for a row without mass', () => {
    expect(kullbackLeibler([0.2, 0.8], [0, 0])).toBeNull();
    expect(kullbackLeibler([0, 0], [0.2, 0.8])).toBeNull();
  });

  test('explains itself as cross entropy less entropy', () => {
    const { terms, result } = explainKullbackLeibler([0.5, 0.5], [0.25, 0.75]);
    const [cross, own] = terms.map(({ value }) => Number(value));
    expect(Number(cross) - Number(own)).toBeCloseTo(Number(result), 14);
  });
});

describe('entropy', () => {
  test('is 0 for a row that looks at one key and 1 for one that looks everywhere alike', () => {
    expect(entropy([0, 7, 0])).toBe(0);
    expect(entropy([0.2, 0.2, 0.2, 0.2, 0.2])).toBeCloseTo(1, 14);
    expect(entropy([1, 1, 0, 0])).toBeCloseTo(0.5, 14);
  });

  test('lies in [0, 1]', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 60 }).filter(withMass), (row) => {
        expect(entropy(row)).toBeGreaterThanOrEqual(0);
        expect(entropy(row)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is null without mass and for a single key, whose largest entropy is 0', () => {
    expect(entropy([0, 0, 0])).toBeNull();
    expect(entropy([0.4])).toBeNull();
    expect(entropy([])).toBeNull();
  });

  test('explains itself with the nats and ln N', () => {
    const { terms, result } = explainEntropy([1, 1, 0, 0]);
    expect(terms[0]?.value).toBeCloseTo(Math.LN2, 14);
    expect(terms[1]?.value).toBeCloseTo(Math.log(4), 14);
    expect(result).toBeCloseTo(0.5, 14);
  });
});

describe('entropyDifference', () => {
  test('is exactly 0 for a row against itself', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 60 }).filter(withMass), (row) => {
        expect(entropyDifference(row, row)).toBe(0);
        expect(entropyShift(row, row)).toBe(0);
      }),
    );
  });

  test('the shift is positive for a flatter student, the difference is its size', () => {
    expect(entropyShift([1, 0], [1, 1])).toBe(1);
    expect(entropyShift([1, 1], [1, 0])).toBe(-1);
    expect(entropyDifference([1, 1], [1, 0])).toBe(1);
  });

  test('is null where either entropy is', () => {
    expect(entropyDifference([0.5, 0.5], [0, 0])).toBeNull();
    expect(entropyShift([0, 0], [0.5, 0.5])).toBeNull();
    expect(explainEntropyDifference([0.5, 0.5], [0, 0])).toMatchObject({ result: null });
  });
});
