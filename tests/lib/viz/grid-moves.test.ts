import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveInRows, moveToken } from '@/lib/viz/grid-moves';
import { squareGeometry, tokenCount } from '@/lib/viz/patch-geometry';

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'];
const press = (key: string, ctrlKey = false) => ({ key, ctrlKey });

describe('moveInRows', () => {
  it('moves by one and stops at the edges', () => {
    const from = { row: 0, column: 2 };
    expect(moveInRows(from, press('ArrowRight'), [3, 3])).toEqual({ row: 0, column: 2 });
    expect(moveInRows(from, press('ArrowLeft'), [3, 3])).toEqual({ row: 0, column: 1 });
    expect(moveInRows(from, press('ArrowUp'), [3, 3])).toEqual(from);
    expect(moveInRows(from, press('ArrowDown'), [3, 3])).toEqual({ row: 1, column: 2 });
  });

  it('takes Home and End within the row, with Ctrl over the whole grid', () => {
    const from = { row: 1, column: 1 };
    expect(moveInRows(from, press('Home'), [3, 3, 2])).toEqual({ row: 1, column: 0 });
    expect(moveInRows(from, press('End'), [3, 3, 2])).toEqual({ row: 1, column: 2 });
    expect(moveInRows(from, press('Home', true), [3, 3, 2])).toEqual({ row: 0, column: 0 });
    expect(moveInRows(from, press('End', true), [3, 3, 2])).toEqual({ row: 2, column: 1 });
  });

  it('does not answer other keys', () => {
    expect(moveInRows({ row: 0, column: 0 }, press('a'), [3])).toBeNull();
    expect(moveInRows({ row: 0, column: 0 }, press('Tab'), [3])).toBeNull();
  });
});

describe('moveToken', () => {
  const geometry = squareGeometry(50, 1);
  const distilled = squareGeometry(198, 2);

  it('goes along rows and columns of patches', () => {
    expect(moveToken(25, press('ArrowRight'), geometry)).toBe(26);
    expect(moveToken(25, press('ArrowUp'), geometry)).toBe(18);
    expect(moveToken(25, press('Home'), geometry)).toBe(22);
    expect(moveToken(25, press('PageUp'), geometry)).toBe(4);
  });

  it('reaches the class tokens below the last row, and leaves them upwards', () => {
    expect(moveToken(46, press('ArrowDown'), geometry)).toBe(0);
    expect(moveToken(0, press('ArrowUp'), geometry)).toBe(43);
    expect(moveToken(0, press('ArrowRight'), distilled)).toBe(1);
    expect(moveToken(1, press('ArrowUp'), distilled)).toBe(2 + 13 * 14 + 1);
  });

  it('always leads to a token, and every token can be reached', () => {
    for (const shape of [geometry, distilled]) {
      const count = tokenCount(shape);
      const step = fc.tuple(fc.integer({ min: 0, max: count - 1 }), fc.constantFrom(...KEYS), fc.boolean());
      fc.assert(
        fc.property(step, ([token, key, ctrlKey]) => {
          const target = moveToken(token, { key, ctrlKey }, shape);
          expect(Number.isInteger(target) && target !== null && target >= 0 && target < count).toBe(true);
        }),
      );
      const reached = new Set([0]);
      for (const token of reached) for (const key of KEYS) reached.add(moveToken(token, press(key), shape) ?? token);
      expect(reached.size).toBe(count);
    }
  });
});
