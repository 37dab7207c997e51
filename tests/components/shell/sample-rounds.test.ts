import { describe, expect, it } from 'vitest';
import { roundCount, roundOf, sampleRound } from '@/components/shell/sample-strip';
import type { Sample } from '@/lib/images/samples';

/** 30 samples whose labels come in no particular order: three of each class. */
const samples: readonly Sample[] = Array.from({ length: 30 }, (_, index) => ({
  index,
  label: (index * 7) % 10,
  bytes: new Uint8Array(784),
}));

describe('the strip of samples', () => {
  it('shows one of every class in the order of the classes', () => {
    expect(sampleRound(samples, 0).map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('shows every sample in exactly one round', () => {
    const seen = Array.from({ length: roundCount(samples) }, (_, round) => sampleRound(samples, round)).flat();
    expect(seen.map(({ index }) => index).sort((a, b) => a - b)).toEqual(samples.map(({ index }) => index));
  });

  it('finds the round of each sample', () => {
    for (const { index } of samples) {
      expect(sampleRound(samples, roundOf(samples, index)).some((sample) => sample.index === index)).toBe(true);
    }
    expect(roundOf(samples, 999)).toBe(0);
  });
});
