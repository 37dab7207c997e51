import { describe, expect, it } from 'vitest';
import { roundOf, sampleRounds } from '@/components/shell/sample-rounds';
import type { FamilySample } from '@/state/app-state';

const sample = (index: number, classIndex: number | null): FamilySample => ({
  key: `sample-${index}`,
  title: `Sample ${index}`,
  classIndex,
  thumbnail: { kind: 'url', url: `${index}.jpg` },
  credit: null,
});

/** 30 samples whose labels come in no particular order: three of each class. */
const samples = Array.from({ length: 30 }, (_, index) => sample(index, (index * 7) % 10));

describe('rounds of samples', () => {
  it('show one of every class in the order of the classes', () => {
    const [first] = sampleRounds(samples);
    expect(first?.map(({ classIndex }) => classIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('show every sample in exactly one round', () => {
    const seen = sampleRounds(samples).flat();
    expect(seen.map(({ key }) => key).sort()).toEqual(samples.map(({ key }) => key).sort());
  });

  it('find the round of each sample, and the first for one that is not there', () => {
    const rounds = sampleRounds(samples);
    for (const { key } of samples) expect(rounds[roundOf(rounds, key)]?.some((each) => each.key === key)).toBe(true);
    expect(roundOf(rounds, 'sample-999')).toBe(0);
  });

  it('are one round of all where the classes are not known', () => {
    const photographs = [sample(0, null), sample(1, null)];
    expect(sampleRounds(photographs)).toEqual([photographs]);
  });
});
