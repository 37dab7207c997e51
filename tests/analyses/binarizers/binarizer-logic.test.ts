import { describe, expect, it } from 'vitest';
import { plainSymbol } from '@/analyses/binarizers/binarizer-grid';
import { bestOf, comparableMeans, sortedBy } from '@/analyses/binarizers/binarizer-measures';
import { levelCount, scaleOfRow } from '@/analyses/binarizers/binarizer-scale';
import { meansSentences, rowSentences } from '@/analyses/binarizers/binarizer-sentences';
import { equationParts } from '@/analyses/binarizers/equation-list';
import { paperUrl } from '@/components/analysis/paper-url';
import { BINARIZER_IDS, BINARIZER_RECORDS } from '@/lib/quantizers/attention/records';
import { cell, makeComparison, makeMean, makeRow } from './fixtures';

describe('the best of a measure', () => {
  it('is the highest, or the lowest of an error', () => {
    expect(bestOf('tauB', [0.2, 0.7, -0.9])).toEqual([false, true, false]);
    expect(bestOf('error', [0.2, 0.7, 25])).toEqual([true, false, false]);
  });

  it('is every one that is written alike', () => {
    expect(bestOf('tauB', [0.7001, 0.7004, 0.6])).toEqual([true, true, false]);
  });

  it('is never one that is undefined, and none where only one is defined', () => {
    expect(bestOf('tauB', [null, -0.3, -0.2])).toEqual([false, false, true]);
    expect(bestOf('tauB', [null, 0.9, null])).toEqual([false, false, false]);
    expect(bestOf('error', [])).toEqual([]);
  });

  it('is none where all are alike or neither end is better', () => {
    expect(bestOf('passShare', [1, 1, null])).toEqual([false, false, false]);
    expect(bestOf('density', [0, 0.5, 1])).toEqual([false, false, false]);
  });

  it('is not a mean over few of the rows', () => {
    const mean = makeMean('decomposition', { tauB: cell(0.99, 30), error: cell(0.1, 2500) });
    expect(comparableMeans(mean)).toMatchObject({ tauB: null, error: 0.1 });
  });
});

describe('the order of the cards', () => {
  it('goes from best to worst, with the undefined ones last', () => {
    const rows = [
      makeRow('bool', { error: 25 }),
      makeRow('elastic', { error: null }),
      makeRow('sign-alpha', { error: 0 }),
    ];
    expect(sortedBy(rows, 'error').map(({ id }) => id)).toEqual(['sign-alpha', 'bool', 'elastic']);
    expect(sortedBy(rows, null)).toEqual(rows);
    const order = [
      makeRow('bool', { tauB: null }),
      makeRow('elastic', { tauB: -1 }),
      makeRow('sign-alpha', { tauB: 0 }),
    ];
    expect(sortedBy(order, 'tauB').map(({ id }) => id)).toEqual(['sign-alpha', 'elastic', 'bool']);
  });
});

describe('the colour scale of a binarized row', () => {
  it('is the real row’s where the output is an attention', () => {
    const { scale, own } = scaleOfRow(makeRow('elastic'), 0.1);
    expect(scale).toEqual({ kind: 'sequential', ramp: 'attention', min: 0, max: 0.1 });
    expect(own).toBeNull();
  });

  it('is its own where the output is switches or counts, whatever is on', () => {
    const off = new Float32Array(50);
    expect(scaleOfRow({ id: 'bool', values: off }, 0.1)).toMatchObject({ scale: { max: 1 }, own: '0 or 1' });
    expect(scaleOfRow({ id: 'decomposition', values: off }, 0.1)).toMatchObject({ scale: { max: 3 }, own: '0 to 3' });
  });

  it('shows signs where there are any', () => {
    const values = Float32Array.of(-2, 1);
    expect(scaleOfRow({ id: 'q-k-only', values }, 0.1).scale).toEqual({ kind: 'diverging', max: 2 });
  });

  it('goes with the count of different values', () => {
    expect(levelCount([0, 0.04, 0.04])).toBe(2);
    expect(levelCount(new Float32Array(4))).toBe(1);
  });
});

describe('what to see in a row', () => {
  it('says how many keys are left, whose order is gone, and who keeps most', () => {
    const text = rowSentences(
      makeComparison({
        'sign-alpha': { density: 1, tauB: null, error: 1 },
        decomposition: { density: 0, tauB: null, error: 1, passShare: 1 },
        'group-superposition': { tauB: 0.74 },
        elastic: { error: 0.434 },
        bool: { passShare: 0.36, error: 25 },
      }),
    )
      .join(' ')
      .replaceAll('\u00a0', ' ')
      .replaceAll('\u2011', '-');
    expect(text).toContain(
      'Of the 50 keys that this query weighs, Sign with α leaves 50 switched on, Decomposition none.',
    );
    expect(text).toContain('Sign with α and Decomposition make all entries of this row alike');
    expect(text).toContain('Group superposition keeps the order of the keys best (τ-b 0.740), Elastic comes nearest');
    expect(text).toContain('Decomposition lets the gradient through at 100.0');
    expect(text).toContain('Bool at 36.0');
  });

  it('names one that is best at both once', () => {
    const text = rowSentences(makeComparison({ elastic: { tauB: 0.9, error: 0.1 } }))
      .join(' ')
      .replaceAll('\u00a0', ' ')
      .replaceAll('\u2011', '-');
    expect(text).toContain(
      'Elastic keeps the order of the keys best (τ-b 0.900) and comes nearest to their weights (error 0.1).',
    );
  });

  it('leaves out what too few define, and never says a number that is not there', () => {
    const nothing = { tauB: null, error: null, passShare: null } as const;
    const changes = Object.fromEntries(BINARIZER_IDS.map((id) => [id, nothing]));
    const text = rowSentences(makeComparison(changes)).join(' ').replaceAll('\u00a0', ' ').replaceAll('\u2011', '-');
    expect(text).not.toMatch(/n\/a|NaN|null/);
    expect(text).toContain('leaves 25 switched on, like every other');
  });

  it('says over how many images the means are, and calls none of few rows the best', () => {
    const means = [
      makeMean('bool', { tauB: cell(0.6) }),
      makeMean('elastic', { tauB: cell(0.7) }),
      makeMean('decomposition', { tauB: cell(0.99, 30) }),
    ];
    const [first] = meansSentences({ images: 1000, means });
    expect(first).toMatch(/^Over 1,000 images: Elastic keeps the order of the keys best \(τ.b\s0\.700\)/);
    expect(meansSentences({ images: 0, means: [] })).toEqual([]);
  });
});

describe('a record', () => {
  it('is linked by its arXiv number or DOI', () => {
    expect(paperUrl('BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016')).toBe('https://arxiv.org/abs/2205.13016');
    expect(paperUrl('doi:10.1093/biomet/33.3.239.')).toMatch(/^https:\/\/doi\.org\/10\.1093/);
    expect(paperUrl('a blackboard')).toBeNull();
  });

  it('of every binarizer splits into its forward and its derivative, and links to its paper', () => {
    for (const { id, equation, source } of BINARIZER_RECORDS) {
      const parts = equationParts(equation);
      expect(parts.length, id).toBeGreaterThanOrEqual(2);
      expect(parts.at(-1), id).toContain('\\partial');
      expect(paperUrl(source), id).not.toBeNull();
    }
  });

  it('has its symbols in a table, too', () => {
    expect(plainSymbol(String.raw`\alpha`)).toBe('α');
    expect(plainSymbol(String.raw`\hat{z}`)).toBe('z');
    expect(plainSymbol(String.raw`\mu_q`)).toBe('μ_q');
  });
});
