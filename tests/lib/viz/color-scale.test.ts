import { hcl, rgb } from 'd3-color';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalePosition, type ColorScale } from '@/lib/viz/color-scale';
import { contrastRatio, DARK_TEXT, LIGHT_TEXT, textColorOn } from '@/lib/viz/contrast';
import { lutOf, NEUTRAL_INDEX, type Rgb } from '@/lib/viz/ramps';
import { lutIndex, scaleColor } from '@/lib/viz/scale-color';

const attention: ColorScale = { kind: 'sequential', ramp: 'attention', min: 0, max: 0.5 };
const distortion: ColorScale = { kind: 'sequential', ramp: 'distortion', min: 0, max: 1 };
const difference: ColorScale = { kind: 'diverging', max: 0.5 };

/** CIELAB lightness of each entry of a table. */
function lightness(scale: ColorScale): number[] {
  const lut = lutOf(scale);
  return Array.from({ length: 256 }, (_, i) => hcl(rgb(lut[4 * i] ?? 0, lut[4 * i + 1] ?? 0, lut[4 * i + 2] ?? 0)).l);
}

describe('scalePosition', () => {
  it('runs from 0 to 1 and is clamped beyond', () => {
    expect([-1, 0, 0.25, 0.5, 9].map((value) => scalePosition(attention, value))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('puts 0 in the middle of a diverging scale', () => {
    expect([-0.5, 0, 0.25].map((value) => scalePosition(difference, value))).toEqual([0, 0.5, 0.75]);
  });

  it('is null, not 0, for what is not a finite number', () => {
    for (const value of [null, undefined, NaN, Infinity]) expect(scalePosition(attention, value)).toBeNull();
  });

  it('does not divide by the width of a scale that has none', () => {
    expect(scalePosition({ ...attention, max: 0 }, 0)).toBe(0);
    expect(scalePosition({ kind: 'diverging', max: 0 }, 0)).toBe(0.5);
  });
});

describe('the ramps', () => {
  it('rise or fall evenly in lightness, so that equal steps look equal', () => {
    const rising = lightness(attention);
    const falling = lightness(distortion);
    for (let i = 1; i < 256; i += 1) {
      expect(rising[i]).toBeGreaterThan((rising[i - 1] ?? 0) - 0.35); // 8-bit rounding
      expect(falling[i]).toBeLessThan((falling[i - 1] ?? 0) + 0.35);
    }
    expect((rising[255] ?? 0) - (rising[0] ?? 0)).toBeGreaterThan(70);
    expect((falling[0] ?? 0) - (falling[255] ?? 0)).toBeGreaterThan(65);
  });

  it('make no difference an exactly neutral colour', () => {
    expect(lutIndex(difference, 0)).toBe(NEUTRAL_INDEX);
    const [red, green, blue] = scaleColor(difference, 0) ?? [0, 1, 2];
    expect(new Set([red, green, blue]).size).toBe(1);
  });

  it('make equal magnitudes equally dark on both sides, and never alike', () => {
    const levels = lightness(difference);
    for (let step = 1; step <= 127; step += 1) {
      const less = levels[NEUTRAL_INDEX - step] ?? 0;
      const more = levels[NEUTRAL_INDEX + step] ?? 0;
      expect(Math.abs(less - more)).toBeLessThan(1.5);
    }
    const [orange, purple] = [scaleColor(difference, -0.4), scaleColor(difference, 0.4)];
    expect(orange?.[0]).toBeGreaterThan((orange?.[2] ?? 0) + 60); // red over blue
    expect(purple?.[2]).toBeGreaterThan((purple?.[1] ?? 0) + 60); // blue over green
  });
});

describe('textColorOn', () => {
  it('reaches 4.5:1 on every colour there is', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...background) => {
        expect(contrastRatio(background as Rgb, textColorOn(background as Rgb))).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('knows the ends', () => {
    expect(textColorOn([255, 255, 255])).toBe(DARK_TEXT);
    expect(textColorOn([0, 0, 0])).toBe(LIGHT_TEXT);
    expect(contrastRatio([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
  });
});
