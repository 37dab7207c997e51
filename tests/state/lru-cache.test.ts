import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LruCache } from '@/state/lru-cache';

describe('LruCache', () => {
  it('keeps the entries used last, whatever the order of reads and writes', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), writes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 4 }), (steps, limit) => {
        const cache = new LruCache<number>(limit);
        let model: { key: string; value: number }[] = []; // least recently used first
        for (const [i, { key, writes }] of steps.entries()) {
          const held = model.find((entry) => entry.key === key);
          if (writes) cache.set(key, i);
          else expect(cache.get(key)).toBe(held?.value ?? null);
          const used = writes ? { key, value: i } : held;
          if (used === undefined) continue;
          model = [...model.filter((entry) => entry.key !== key), used].slice(-limit);
        }
        expect(cache.size).toBe(model.length);
        for (const { key, value } of model) expect(cache.get(key)).toBe(value);
      }),
    );
  });

  it('forgets everything when asked', () => {
    const cache = new LruCache<number>(2);
    cache.set('a', 1);
    cache.clear();
    expect(cache.get('a')).toBeNull();
  });
});
