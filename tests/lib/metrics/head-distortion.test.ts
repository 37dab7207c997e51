import { describe, expect, test } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import { averageDefined, explainAveraged, poolAveraged } from '@/lib/metrics/averaged';
import { distortionTable, poolCells } from '@/lib/metrics/distortion-table';
import { headDistortion, rowPairMetricIds } from '@/lib/metrics/head-distortion';
import { kendallTauB } from '@/lib/metrics/kendall-tau-b';
import { pairMetrics } from '@/lib/metrics/registry';

function randomMap(seed: number, tokens: number, heads = 1): Float32Array {
  const rng = createRng(seed);
  const rows = Array.from({ length: heads * tokens }, () =>
    softmax(Array.from({ length: tokens }, () => rng.normal())),
  );
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

describe('averageDefined', () => {
  test('leaves undefined rows out and says how many were defined', () => {
    expect(averageDefined([1, null, 3])).toEqual({ value: 2, defined: 2, total: 3 });
    expect(averageDefined([null, null])).toEqual({ value: null, defined: 0, total: 2 });
    expect(averageDefined([])).toEqual({ value: null, defined: 0, total: 0 });
  });

  test('pooling means is the mean of all their rows', () => {
    const rows = [1, null, 3, 8, null, 2];
    expect(poolAveraged([averageDefined(rows.slice(0, 3)), averageDefined(rows.slice(3))])).toEqual(
      averageDefined(rows),
    );
    expect(poolAveraged([averageDefined([null])])).toEqual({ value: null, defined: 0, total: 1 });
  });

  test('explains a cell by its sum and its rows', () => {
    const explanation = explainAveraged(averageDefined([0.5, null, 0.25]), '\\tau_b');
    expect(explanation.latex).toBe('\\frac{1}{2} \\sum_{i=1}^{2} {\\tau_b}_i = 0.375');
    expect(explanation.terms.map(({ value }) => value)).toEqual([2, 3, 0.75]);
    expect(explainAveraged(averageDefined([null]), 'x').result).toBeNull();
  });
});

describe('headDistortion', () => {
  test('of a map against itself is cosine 1, tau-b 1, overlap 1 and everything else exactly 0', () => {
    for (const map of [randomMap(1, 50), randomMap(2, 50).map((p) => (p > 0.03 ? 0.4 : 0))]) {
      const cell = headDistortion(map, map, { tokens: 50, k: 5 });
      for (const id of rowPairMetricIds) {
        expect(cell[id].defined, id).toBeGreaterThan(40);
        expect(pairMetrics[id].distortion(Number(cell[id].value)), id).toBe(0);
      }
      expect(cell.entropyShift.value).toBe(0);
      expect(cell.relativeFrobenius).toBe(0);
      expect(cell.teacher).toEqual(cell.student);
    }
  });

  test('averages what the metrics of a row give', () => {
    const teacher = randomMap(3, 9);
    const student = randomMap(4, 9);
    const cell = headDistortion(teacher, student, { tokens: 9, k: 3 });
    for (const id of rowPairMetricIds) {
      const rows = Array.from({ length: 9 }, (_, query) => {
        const [from, to] = [query * 9, query * 9 + 9];
        return pairMetrics[id].evaluate(teacher.slice(from, to), student.slice(from, to), { query, k: 3 });
      });
      expect(cell[id], id).toEqual(averageDefined(rows));
    }
  });

  test('a student of zeros is undefined in everything that needs mass, direction or order', () => {
    const cell = headDistortion(randomMap(5, 6), new Float32Array(36), { tokens: 6, k: 2 });
    for (const id of rowPairMetricIds) expect(cell[id], id).toEqual({ value: null, defined: 0, total: 6 });
    expect(cell.relativeFrobenius).toBe(1);
    expect(cell.student.constantRowShare).toBe(1);
    expect(cell.student.tieShare.value).toBe(1);
    expect(cell.student.entropy).toEqual({ value: null, defined: 0, total: 6 });
  });

  test('a student of equal ones has mass and direction but no order', () => {
    const cell = headDistortion(randomMap(5, 6), new Float32Array(36).fill(0.5), { tokens: 6, k: 2 });
    expect(cell.jensenShannon.defined).toBe(6);
    expect(cell.cosine.defined).toBe(6);
    for (const id of ['tauB', 'spearman', 'topKOverlap', 'inversionRate'] as const) expect(cell[id].value).toBeNull();
    expect(cell.entropyShift.value).toBeGreaterThan(0);
  });

  test('says over how many rows a mean was taken when some are constant', () => {
    const student = randomMap(6, 6);
    student.fill(0, 0, 12);
    student.fill(1, 12, 18);
    const cell = headDistortion(randomMap(5, 6), student, { tokens: 6, k: 2 });
    expect(cell.cosine).toMatchObject({ defined: 4, total: 6 });
    expect(cell.tauB).toMatchObject({ defined: 3, total: 6 });
    expect(cell.student.constantRowShare).toBe(0.5);
  });

  test('refuses maps of another size', () => {
    expect(() => headDistortion(randomMap(1, 5), randomMap(1, 6), { tokens: 5, k: 2 })).toThrow(RangeError);
  });
});

describe('distortionTable', () => {
  const layer = (seed: number) => ({ values: randomMap(seed, 5, 3), heads: 3, tokens: 5 });

  test('compares each head with the same head', () => {
    const teacher = [layer(1), layer(2)];
    const student = [layer(1), layer(3)];
    const table = distortionTable(teacher, student, 2);
    expect(table.map((row) => row.length)).toEqual([3, 3]);
    expect(table[0]?.every((cell) => cell.tauB.value === 1)).toBe(true);
    const [from, to] = [2 * 25, 2 * 25 + 25];
    expect(table[1]?.[2]).toEqual(
      headDistortion(layer(2).values.slice(from, to), layer(3).values.slice(from, to), { tokens: 5, k: 2 }),
    );
  });

  test('pools a layer over all its rows', () => {
    const [cells = []] = distortionTable([layer(1)], [layer(2)], 2);
    const rows = Array.from({ length: 15 }, (_, i) =>
      kendallTauB(layer(1).values.slice(i * 5, i * 5 + 5), layer(2).values.slice(i * 5, i * 5 + 5)),
    );
    const pooled = poolCells(cells, 'tauB');
    expect(pooled).toMatchObject({ defined: 15, total: 15 });
    expect(pooled.value).toBeCloseTo(Number(averageDefined(rows).value), 12);
  });

  test('refuses two models of different shape', () => {
    expect(() => distortionTable([layer(1)], [], 2)).toThrow(RangeError);
    expect(() => distortionTable([layer(1)], [{ ...layer(1), heads: 2 }], 2)).toThrow(RangeError);
    expect(() => distortionTable([layer(1)], [{ ...layer(1), values: [1] }], 2)).toThrow(RangeError);
  });
});
