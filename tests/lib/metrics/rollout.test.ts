import { describe, expect, test } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import { gradientRollout } from '@/lib/metrics/gradient-rollout';
import type { LayerAttention } from '@/lib/metrics/layer-attention';
import { patchRelevance, rollout } from '@/lib/metrics/rollout';

const rng = createRng(11);

function randomLayer(heads: number, tokens: number): LayerAttention {
  const rows = Array.from({ length: heads * tokens }, () =>
    softmax(Array.from({ length: tokens }, () => 2 * rng.normal())),
  );
  return { values: Float32Array.from(rows.flatMap((row) => [...row])), heads, tokens };
}

describe('rollout', () => {
  test('of one layer is half attention, half identity where rows sum to 1', () => {
    const layer = { values: [0.25, 0.75, 0.5, 0.5], heads: 1, tokens: 2 };
    expect([...(rollout([layer]) ?? [])]).toEqual([0.625, 0.375, 0.25, 0.75]);
  });

  test('averages the heads first', () => {
    const twoHeads = { values: [1, 0, 0, 1, 0, 1, 1, 0], heads: 2, tokens: 2 };
    expect([...(rollout([twoHeads]) ?? [])]).toEqual([0.75, 0.25, 0.25, 0.75]);
  });

  test('multiplies later layers from the left', () => {
    // Layer 1 lets token 0 read token 1; layer 2 lets token 1 read token 0. Only the order below brings 1 through 0 to 1.
    const first = { values: [0, 1, 0, 1], heads: 1, tokens: 2 };
    const second = { values: [1, 0, 1, 0], heads: 1, tokens: 2 };
    expect([...(rollout([first, second]) ?? [])]).toEqual([0.5, 0.5, 0.25, 0.75]);
  });

  test('keeps every row at a sum of 1, also for maps whose rows do not sum to 1', () => {
    const layers = [randomLayer(3, 7), { values: randomLayer(3, 7).values.map((v) => v * 0.1), heads: 3, tokens: 7 }];
    const result = rollout(layers) ?? [];
    for (let i = 0; i < 7; i++) {
      const sum = [...result.slice(i * 7, i * 7 + 7)].reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test('of maps that are all zero is the identity, because only the residual connection is left', () => {
    const empty = { values: new Float32Array(9), heads: 1, tokens: 3 };
    expect([...(rollout([empty, empty]) ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test('is null where a row cannot be a distribution', () => {
    expect(rollout([{ values: [1, -1, 0, 1], heads: 1, tokens: 2 }])).toBeNull();
    expect(rollout([{ values: [1, NaN, 0, 1], heads: 1, tokens: 2 }])).toBeNull();
  });

  test('refuses no layers, and layers that do not fit together', () => {
    expect(() => rollout([])).toThrow(RangeError);
    expect(() => rollout([randomLayer(1, 2), randomLayer(1, 3)])).toThrow(RangeError);
    expect(() => rollout([{ values: [1, 2, 3], heads: 1, tokens: 2 }])).toThrow(RangeError);
  });
});

describe('patchRelevance', () => {
  test('is the row of the query without one class token, or two with distillation', () => {
    const relevance = [9, 9, 1, 2, 8, 8, 3, 4, 7, 7, 5, 6, 7, 7, 5, 6];
    expect([...patchRelevance(relevance, 4, 0, 2)]).toEqual([1, 2]);
    expect([...patchRelevance(relevance, 4, 1, 1)]).toEqual([8, 3, 4]);
  });
});

describe('gradientRollout', () => {
  test('of one layer is the identity and the positive part of gradient times attention, averaged over heads', () => {
    const layer = { values: [0.5, 0.5, 0.25, 0.75, 1, 0, 0, 1], heads: 2, tokens: 2 };
    const gradient = [2, -2, 4, 0, -1, 5, 3, 2];
    expect([...(gradientRollout([layer], [gradient]) ?? [])]).toEqual([1.5, 0, 0.5, 2]);
  });

  test('takes the positive part before the heads cancel each other', () => {
    const layer = { values: [0, 1, 0, 0, 0, 1, 0, 0], heads: 2, tokens: 2 };
    expect([...(gradientRollout([layer], [[0, 3, 0, 0, 0, -3, 0, 0]]) ?? [])]).toEqual([1, 1.5, 0, 1]);
  });

  test('is the identity where the gradients are 0', () => {
    const layers = [randomLayer(2, 3), randomLayer(2, 3)];
    const none = layers.map(() => new Float32Array(18));
    expect([...(gradientRollout(layers, none) ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test('multiplies later layers from the left', () => {
    const first = { values: [0, 1, 0, 0], heads: 1, tokens: 2 };
    const second = { values: [0, 0, 1, 0], heads: 1, tokens: 2 };
    const ones = [1, 1, 1, 1];
    expect([...(gradientRollout([first, second], [ones, ones]) ?? [])]).toEqual([1, 1, 1, 2]);
  });

  test('is null for a gradient that is not finite, and refuses sizes that do not fit', () => {
    const layer = { values: [0, 1, 0, 0], heads: 1, tokens: 2 };
    expect(gradientRollout([layer], [[0, NaN, 0, 0]])).toBeNull();
    expect(() => gradientRollout([layer], [])).toThrow(RangeError);
    expect(() => gradientRollout([layer], [[1, 2]])).toThrow(RangeError);
  });
});
