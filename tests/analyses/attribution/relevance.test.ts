import { MODEL_IDS } from '@/tests/fashion-mnist';
import { describe, expect, it } from 'vitest';
import {
  hiddenBelow,
  isOwnOnly,
  modelOrder,
  relevanceRow,
  roundedUp,
  sharedTop,
  strongestOther,
} from '@/analyses/attribution/relevance';

const row = (...values: number[]) => Float32Array.from(values);

describe('the order of the models', () => {
  it('starts with the teacher and the chosen student and names each of the five once', () => {
    expect(modelOrder(MODEL_IDS, 'ranking')).toEqual(['teacher', 'ranking', 'baseline', 'scaling', 'bi-vit']);
    expect(modelOrder(MODEL_IDS, 'baseline')).toEqual(['teacher', 'baseline', 'scaling', 'ranking', 'bi-vit']);
  });
});

describe('a row of relevance', () => {
  it('is that of the query, and null where the rollout is undefined', () => {
    expect(relevanceRow(row(1, 0, 0.25, 0.75), 2, 1)).toEqual(row(0.25, 0.75));
    expect(relevanceRow(null, 2, 1)).toBeNull();
  });

  it('is its own only when nothing else arrives, whatever stays in the query', () => {
    expect(isOwnOnly(row(0, 3, 0), 1)).toBe(true);
    expect(isOwnOnly(row(0, 3, 1e-9), 1)).toBe(false);
    expect(strongestOther(row(0, 3, 0), 1)).toBeNull();
    expect(strongestOther(row(0.1, 3, 0.2), 1)).toBe(2);
  });
});

describe('the shared top', () => {
  it('leaves out the query itself, takes all rows, and is not less than any entry', () => {
    const top = sharedTop([row(0.9, 0.1, 0), null, row(0.8, 0.02, 0.17)], 0);
    expect(top).toBe(0.2);
  });

  it('is 1 where nothing arrives anywhere: n/a and identities stay dark', () => {
    expect(sharedTop([row(1, 0), null], 0)).toBe(1);
    expect(sharedTop([], 0)).toBe(1);
  });

  it('rounds up and never down', () => {
    for (const top of [1e-7, 0.001, 0.0149, 0.15, 0.1501, 0.3, 0.81, 1, 7.9, 123]) {
      expect(roundedUp(top)).toBeGreaterThanOrEqual(top * (1 - 1e-6));
      expect(roundedUp(top)).toBeLessThanOrEqual(2 * top);
    }
    expect(roundedUp(0.15)).toBe(0.15);
    expect(roundedUp(0.1501)).toBe(0.2);
  });

  it('is what the threshold is a share of', () => {
    expect(hiddenBelow(0.2, 0)).toBe(0);
    expect(hiddenBelow(0.2, 0.5)).toBe(0.1);
  });
});
