import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slopeLayout } from '@/lib/viz/slope-layout';
import { spreadLabels } from '@/lib/viz/spread-labels';

const frame = { size: 50, top: 5, height: 400, labelGap: 16 };

describe('spreadLabels', () => {
  it('leaves alone what has room', () => {
    expect(spreadLabels([10, 40, 90], { gap: 16, min: 8, max: 392 })).toEqual([10, 40, 90]);
  });

  it('spreads equal ones evenly about their place', () => {
    expect(spreadLabels([100, 100, 100], { gap: 16, min: 8, max: 392 })).toEqual([84, 100, 116]);
  });

  it('stays within the bounds', () => {
    expect(spreadLabels([390, 395, 400], { gap: 16, min: 8, max: 392 })).toEqual([360, 376, 392]);
  });

  it('shares the room evenly where there is too little', () => {
    expect(spreadLabels([0, 0, 0], { gap: 30, min: 0, max: 40 })).toEqual([0, 20, 40]);
  });

  it('keeps the order, the gap and the bounds, and no single label can be moved nearer to its place', () => {
    const wanted = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(wanted, (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const room = { gap: 16, min: 8, max: 392 };
        const spread = spreadLabels(sorted, room);
        const near = 1e-9;
        const at = (index: number) => spread[index] ?? Number.NaN;
        for (let index = 0; index < spread.length; index++) {
          expect(at(index)).toBeGreaterThanOrEqual(room.min - near);
          expect(at(index)).toBeLessThanOrEqual(room.max + near);
          if (index > 0) expect(at(index) - at(index - 1)).toBeGreaterThanOrEqual(room.gap - near);
        }
        // The cost is convex, so a block that touches nothing in the direction of its mean wish would have moved there.
        let start = 0;
        for (let index = 1; index <= spread.length; index++) {
          if (index < spread.length && at(index) - at(index - 1) < room.gap + 1e-6) continue;
          const block = Array.from({ length: index - start }, (_, offset) => start + offset);
          const pull = block.reduce((sum, each) => sum + (sorted[each] ?? Number.NaN) - at(each), 0) / block.length;
          const atTop = at(start) <= room.min + 1e-6;
          const atBottom = at(index - 1) >= room.max - 1e-6;
          if (!atTop) expect(pull).toBeGreaterThanOrEqual(-1e-6);
          if (!atBottom) expect(pull).toBeLessThanOrEqual(1e-6);
          start = index;
        }
      }),
    );
  });
});

describe('slopeLayout', () => {
  it('draws a line level exactly when it keeps its rank', () => {
    const { lefts, rights } = slopeLayout(
      [
        { left: 1, right: 1 },
        { left: 2, right: 31 },
        { left: 3, right: 2.5 },
      ],
      frame,
    );
    expect(rights[0]?.y).toBe(lefts[0]?.y);
    expect(rights[1]?.y).toBeGreaterThan(lefts[1]?.y ?? Infinity);
    expect(rights[2]?.y).toBeLessThan(lefts[2]?.y ?? -Infinity);
  });

  it('keeps the first and the last rank half a place inside', () => {
    const { yOf, breakY } = slopeLayout([{ left: 1, right: 50 }], frame);
    expect(yOf(0.5)).toBe(0);
    expect(yOf(50.5)).toBe(400);
    expect(breakY).toBe(yOf(5.5));
  });

  it('has one scale where every rank is a top rank', () => {
    const { yOf } = slopeLayout([{ left: 1, right: 4 }], { ...frame, size: 4, top: 4 });
    expect([1, 2, 3, 4].map(yOf)).toEqual([50, 150, 250, 350]);
  });

  it('brackets the lines that end at one rank, their labels apart', () => {
    const { rights, rightTies, leftTies } = slopeLayout(
      [
        { left: 1, right: 30.5 },
        { left: 2, right: 1 },
        { left: 3, right: 30.5 },
        { left: 4, right: 30.5 },
      ],
      frame,
    );
    expect(leftTies).toEqual([]);
    expect(rightTies).toHaveLength(1);
    const [tie] = rightTies;
    expect(tie?.members).toEqual([0, 2, 3]);
    expect(tie?.rank).toBe(30.5);
    expect([0, 2, 3].map((index) => rights[index]?.y)).toEqual([tie?.y, tie?.y, tie?.y]);
    expect((tie?.toY ?? 0) - (tie?.fromY ?? 0)).toBeCloseTo(32, 9);
    // Within a tie the labels keep the teacher's order.
    expect(rights[0]?.labelY).toBeLessThan(rights[2]?.labelY ?? -Infinity);
    expect(rights[2]?.labelY).toBeLessThan(rights[3]?.labelY ?? -Infinity);
  });

  it('crosses two lines exactly when the ranks reverse', () => {
    const rank = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(rank, rank, rank, rank, (a, b, c, d) => {
        const { lefts, rights } = slopeLayout(
          [
            { left: a, right: c },
            { left: b, right: d },
          ],
          frame,
        );
        const across = (side: typeof lefts) => Math.sign((side[0]?.y ?? NaN) - (side[1]?.y ?? NaN));
        expect(across(lefts) * across(rights)).toBe(Math.sign(a - b) * Math.sign(c - d));
      }),
    );
  });
});
