import { describe, expect, it } from 'vitest';
import { binarizedEntryCard, differenceCard, softmaxedEntryCard } from '@/components/analysis/entry-card';
import { attentionRow } from '@/components/analysis/trace-row';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { makeTrace } from '../fake-app';

const place = { layer: 1, head: 0, query: 7 };

describe('the card behind an entry', () => {
  it('ends in the value that the map shows', () => {
    const teacher = makeTrace(5, null);
    const card = softmaxedEntryCard('teacher', teacher, place, 12, DEFAULT_FAMILY);
    const shown = attentionRow(teacher, place, 'softmaxed')?.[12] ?? Number.NaN;
    const [, result] = /= ([\d.]+)(?: \\times 10\^\{(-?\d+)\})?$/.exec(card?.substituted ?? '') ?? [];
    const exponent = /10\^\{(-?\d+)\}$/.exec(card?.substituted ?? '')?.[1] ?? '0';
    expect(Number(result) * 10 ** Number(exponent)).toBeCloseTo(shown, 4);
  });

  it('reads alpha off the entries that are on', () => {
    const student = makeTrace(6, 0.04);
    const row = attentionRow(student, place, 'binarized') ?? new Float32Array();
    const on = row.findIndex((value) => value > 0);
    expect(on).toBeGreaterThanOrEqual(0);
    const card = binarizedEntryCard('bi-vit', student, place, on, DEFAULT_FAMILY);
    expect(card?.substituted).toContain('0.04');
    expect(card?.terms?.find(({ symbol }) => symbol === '\\alpha_h')?.value).toBe('0.04');
  });

  it('does not invent an alpha where no entry is on', () => {
    const dead = makeTrace(7, 100);
    const card = binarizedEntryCard('baseline', dead, place, 3, DEFAULT_FAMILY);
    expect(card?.substituted).toBeUndefined();
    expect(card?.terms?.find(({ symbol }) => symbol === '\\alpha_h')?.value).toMatch(/every/);
  });

  it('is missing where there is no such map', () => {
    expect(binarizedEntryCard('teacher', makeTrace(8, null), place, 3, DEFAULT_FAMILY)).toBeNull();
  });

  it('subtracts the teacher from the student', () => {
    expect(differenceCard(place, 3, 0.25, 0.5, DEFAULT_FAMILY).substituted).toBe('0.25 - 0.5 = -0.25');
  });
});
