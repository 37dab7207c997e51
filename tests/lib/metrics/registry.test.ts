import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { averageDefined, explainAveraged } from '@/lib/metrics/averaged';
import type { Explanation } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';
import { sourceUrl } from '@/lib/metrics/formula';
import { formulas } from '@/lib/metrics/formulas';
import { explainCell, pairMetrics, rowMetrics } from '@/lib/metrics/registry';
import { anyEntry, pairOf, weight } from './rows';

const context = { query: 0, k: 1 };
const pairs = Object.entries(pairMetrics);
const singles = Object.entries(rowMetrics);

function expectNumberOrNull(value: number | null): void {
  if (value !== null) expect(Number.isFinite(value)).toBe(true);
}

function expectRenders(latex: string): void {
  expect(() => katex.renderToString(latex, { throwOnError: true, strict: 'ignore' })).not.toThrow();
}

describe('the registry of metrics', () => {
  test('names each formula once, under its own id', () => {
    const ids = formulas.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [id, { formula }] of [...pairs, ...singles]) expect(formula.id).toBe(id);
  });

  test('every formula renders in KaTeX, and so do the symbols', () => {
    for (const { latex } of formulas) expectRenders(latex);
    for (const [, { symbol, distortionSymbol }] of pairs) {
      expectRenders(symbol);
      expectRenders(distortionSymbol);
      expectRenders(explainAveraged(averageDefined([0.5]), symbol).latex);
      expectRenders(explainAveraged(averageDefined([null]), distortionSymbol).latex);
    }
  });

  test('sources are well-formed, and what is derived here has no address', () => {
    for (const formula of formulas) {
      const { source } = formula;
      if (source.kind === 'paper') expect(source.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      if (source.kind === 'publication') expect(source.doi).toMatch(/^10\.\d{4,}\/\S+$/);
      expect(sourceUrl(formula) === null).toBe(source.kind === 'derived' || source.kind === 'book');
    }
  });

  test.each(pairs)('%s gives a number in its range or null for any rows, never NaN', (_, { evaluate, formula }) => {
    fc.assert(
      fc.property(pairOf(anyEntry), ([t, s]) => {
        const value = evaluate(t, s, context);
        expectNumberOrNull(value);
        const [low, high] = formula.range;
        if (value !== null && low !== null) expect(value).toBeGreaterThanOrEqual(low);
        if (value !== null && high !== null) expect(value).toBeLessThanOrEqual(high);
      }),
      { numRuns: 300 },
    );
  });

  test.each(singles)('%s gives a number in its range or null for any row, never NaN', (_, { evaluate, formula }) => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 30 }), (row) => {
        const value = evaluate(row, context);
        expectNumberOrNull(value);
        const [low, high] = formula.range;
        if (value !== null && low !== null) expect(value).toBeGreaterThanOrEqual(low);
        if (value !== null && high !== null) expect(value).toBeLessThanOrEqual(high);
      }),
      { numRuns: 300 },
    );
  });

  test.each(pairs)('%s turned into a distortion is 0 for a row against itself', (_, { evaluate, distortion }) => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 30 }), (row) => {
        const value = evaluate(row, row, context);
        if (value !== null) expect(distortion(value)).toBe(0);
      }),
    );
  });

  test.each(pairs)('the explanation of %s ends in its result and renders', (_, { evaluate, explain }) => {
    fc.assert(
      fc.property(pairOf(weight, 1, 12), ([t, s]) => {
        expectExplains(explain(t, s, context), evaluate(t, s, context));
      }),
      { numRuns: 40 },
    );
  });

  test.each(singles)('the explanation of %s ends in its result and renders', (_, { evaluate, explain }) => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 12 }), (row) => {
        expectExplains(explain(row, context), evaluate(row, context));
      }),
      { numRuns: 40 },
    );
  });

  function expectExplains({ latex, terms, result }: Explanation, value: number | null): void {
    expect(result).toBe(value);
    expect(latex.endsWith(`= ${latexNumber(value)}`)).toBe(true);
    expectRenders(latex);
    for (const term of terms) {
      expectRenders(term.symbol);
      expectNumberOrNull(term.value);
    }
  }

  test('rows of different lengths are refused by every metric of a pair', () => {
    for (const [, { evaluate }] of pairs) expect(() => evaluate([1, 2], [1, 2, 3], context)).toThrow(RangeError);
  });
});

describe('explainCell', () => {
  test('turns a mean into the mean of the distortions and keeps the count of rows', () => {
    const { latex, terms, result } = explainCell('tauB', averageDefined([0.5, null, 0]));
    expect(result).toBe(0.75);
    expect(terms.map(({ value }) => value)).toEqual([2, 3, 1.5]);
    expect(latex).toBe('\\frac{1}{2} \\sum_{i=1}^{2} {(1 - \\tau_b)}_i = 0.75');
    expect(() => katex.renderToString(latex, { throwOnError: true })).not.toThrow();
  });

  test('has no result where no row is defined', () => {
    const { latex, result } = explainCell('jensenShannon', averageDefined([null]));
    expect(result).toBeNull();
    expect(latex).not.toContain('\\frac');
  });
});

describe('latexNumber', () => {
  test('keeps four significant digits, whole numbers entirely, and a dash for the undefined', () => {
    expect(latexNumber(0.123456)).toBe('0.1235');
    expect(latexNumber(19306)).toBe('19306');
    expect(latexNumber(-0)).toBe('0');
    expect(latexNumber(1.5e-7)).toBe('1.5 \\times 10^{-7}');
    expect(latexNumber(null)).toBe('\\text{–}');
    expect(latexOperand(-0.5)).toBe('(-0.5)');
  });
});
