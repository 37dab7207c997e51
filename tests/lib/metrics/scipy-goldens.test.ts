import { describe, expect, test } from 'vitest';
import { averageRanks } from '@/lib/math/average-ranks';
import { cosine } from '@/lib/metrics/cosine';
import { entropy } from '@/lib/metrics/entropy';
import { jensenShannon } from '@/lib/metrics/jensen-shannon';
import { kendallTauB } from '@/lib/metrics/kendall-tau-b';
import { kullbackLeibler, kullbackLeiblerEpsilon } from '@/lib/metrics/kullback-leibler';
import { relativeFrobenius } from '@/lib/metrics/relative-frobenius';
import { spearman } from '@/lib/metrics/spearman';
import { tieShare } from '@/lib/metrics/tie-share';
import { goldens } from './goldens';

/** Float64 on both sides; the sums are in another order. */
const tolerance = 1e-11;

function expectClose(actual: number | null, expected: number | null): void {
  if (expected === null || actual === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

describe('metrics against SciPy', () => {
  test('the goldens say which SciPy made them, and use the epsilon of the source', () => {
    expect(goldens.madeWith.scipy).toMatch(/^\d+\.\d+\.\d+$/);
    expect(goldens.epsilon).toBe(kullbackLeiblerEpsilon);
    expect(goldens.pairs.length).toBeGreaterThan(20);
  });

  test('the goldens hold undefined cases of every measure that has them, and defined ones of all', () => {
    for (const key of ['cosine', 'kullbackLeibler', 'jensenShannon', 'studentEntropy', 'tauB', 'spearman'] as const) {
      expect(goldens.pairs.filter((pair) => pair[key] === null).length, key).toBeGreaterThan(0);
      expect(goldens.pairs.filter((pair) => pair[key] !== null).length, key).toBeGreaterThan(10);
    }
  });

  describe.each(goldens.pairs)('$name', (golden) => {
    const { teacher, student } = golden;

    test('cosine agrees with scipy.spatial.distance.cosine', () =>
      expectClose(cosine(teacher, student), golden.cosine));

    test('relativeFrobenius agrees with scipy.linalg.norm', () =>
      expectClose(relativeFrobenius(teacher, student), golden.relativeFrobenius));

    test('kullbackLeibler agrees with scipy.stats.entropy of the smoothed rows', () =>
      expectClose(kullbackLeibler(teacher, student), golden.kullbackLeibler));

    test('jensenShannon agrees with the square of scipy.spatial.distance.jensenshannon', () =>
      expectClose(jensenShannon(teacher, student), golden.jensenShannon));

    test('entropy agrees with scipy.stats.entropy', () => {
      expectClose(entropy(teacher), golden.teacherEntropy);
      expectClose(entropy(student), golden.studentEntropy);
    });

    test('kendallTauB agrees with scipy.stats.kendalltau', () =>
      expectClose(kendallTauB(teacher, student), golden.tauB));

    test('spearman agrees with scipy.stats.spearmanr', () => expectClose(spearman(teacher, student), golden.spearman));

    test('averageRanks equals scipy.stats.rankdata', () => {
      expect([...(averageRanks(teacher) ?? [])]).toEqual(golden.teacherRanks);
      expect([...(averageRanks(student) ?? [])]).toEqual(golden.studentRanks);
    });

    test('tieShare agrees with the groups that NumPy counts', () => {
      expectClose(tieShare(teacher), golden.teacherTieShare);
      expectClose(tieShare(student), golden.studentTieShare);
    });
  });
});
