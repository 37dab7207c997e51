import { hcl } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lchToRgb } from '@/lib/viz/lch';
import { lutOf } from '@/lib/viz/ramps';

it('has the colours of d3’s viridis', () => {
  const lut = lutOf({ kind: 'sequential', ramp: 'attention', min: 0, max: 1 });
  for (let i = 0; i < 256; i += 1) {
    const hex = [...lut.subarray(4 * i, 4 * i + 3)].map((channel) => channel.toString(16).padStart(2, '0')).join('');
    expect(`#${hex}`).toBe(interpolateViridis(i / 255));
  }
});

it('turns CIELCh into the sRGB that d3 has for it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 360, noNaN: true }),
      fc.double({ min: 0, max: 80, noNaN: true }),
      fc.double({ min: 1, max: 99, noNaN: true }),
      (hue, chroma, lightness) => {
        const { r, g, b } = hcl(hue, chroma, lightness).rgb().clamp();
        expect(lchToRgb(hue, chroma, lightness)).toEqual([r, g, b].map(Math.round));
      },
    ),
  );
});
