import { describe, expect, it } from 'vitest';
import {
  attentionRow,
  geometryAt,
  headMatrix,
  placeLabel,
  rowDifference,
  tokenLabel,
} from '@/components/analysis/trace-row';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { FAMILY } from '@/tests/fashion-mnist';
import { makeTrace } from '../fake-app';

const geometry = geometryAt(DEFAULT_FAMILY, 0);
const place = { layer: 2, head: 1, query: 25 };

describe('a row of a trace', () => {
  const student = makeTrace(1, 0.05);
  const teacher = makeTrace(2, null);

  it('is the row of that layer, head and query, without a copy', () => {
    const row = attentionRow(student, place, 'softmaxed');
    const all = student.layers[2]?.attention ?? new Float32Array();
    const start = (1 * FAMILY.tokens + 25) * FAMILY.tokens;
    expect(Array.from(row ?? [])).toEqual(Array.from(all.subarray(start, start + FAMILY.tokens)));
    expect(row?.buffer).toBe(all.buffer);
  });

  it('sums to one after the softmax', () => {
    for (let query = 0; query < FAMILY.tokens; query++) {
      const row = attentionRow(teacher, { ...place, query }, 'softmaxed') ?? new Float32Array();
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
  });

  it('lies in its head’s matrix', () => {
    const matrix = headMatrix(student, place, 'attentionBinary') ?? new Float32Array();
    expect(matrix).toHaveLength(FAMILY.tokens ** 2);
    const start = place.query * FAMILY.tokens;
    expect(attentionRow(student, place, 'binarized')).toEqual(matrix.subarray(start, start + FAMILY.tokens));
  });

  it('is null where the model does not binarize, or has no such layer', () => {
    expect(attentionRow(teacher, place, 'binarized')).toBeNull();
    expect(attentionRow(student, { ...place, layer: 9 }, 'softmaxed')).toBeNull();
  });

  it('differs from itself by zero', () => {
    const row = attentionRow(student, place, 'softmaxed') ?? new Float32Array();
    expect(rowDifference(row, row).every((value) => value === 0)).toBe(true);
    expect(rowDifference(Float32Array.of(3), Float32Array.of(1))).toEqual(Float32Array.of(2));
  });

  it('names tokens as people count', () => {
    expect(tokenLabel(0, geometry)).toBe('CLS');
    expect(tokenLabel(1, geometry)).toBe('patch (1, 1)');
    expect(tokenLabel(49, geometry)).toBe('patch (7, 7)');
    expect(placeLabel(place, DEFAULT_FAMILY)).toBe('layer 3, head 2, query patch (4, 4)');
  });
});
