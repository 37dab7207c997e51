import { describe, expect, it } from 'vitest';
import type { ColorScale } from '@/lib/viz/color-scale';
import {
  formatBytes,
  formatCount,
  formatFixed,
  formatMs,
  formatNumber,
  formatOperations,
  formatPercent,
  formatShortMs,
  formatSigned,
  formatTimes,
} from '@/lib/viz/format';
import { legendTicks } from '@/lib/viz/legend-ticks';

/** Thin spaces as plain ones, to read the expectations. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('the number formats', () => {
  it('say n/a for what is undefined, never 0', () => {
    const formats = [formatNumber, formatFixed, formatSigned, formatPercent, formatBytes, formatMs, formatShortMs];
    for (const format of formats) {
      for (const value of [null, undefined, NaN]) expect(format(value)).toBe('n/a');
      expect(format(0)).not.toBe('n/a');
    }
  });

  it('carry their units', () => {
    expect([12.345, 123.4, 12_345].map((value) => plain(formatMs(value)))).toEqual(['12.3 ms', '123 ms', '12.3 s']);
    expect([0.214, 9.5, 12.345].map((value) => plain(formatShortMs(value)))).toEqual(['0.21 ms', '9.50 ms', '12.3 ms']);
    expect([67_600, 12_345_678].map((value) => plain(formatBytes(value)))).toEqual(['68 kB', '12.3 MB']);
  });

  it('keep three significant digits and drop trailing zeros', () => {
    expect([0.03127, 12.345, 1234.5, 0.5, 0, 100].map((value) => formatNumber(value))).toEqual([
      '0.0313',
      '12.3',
      '1235',
      '0.5',
      '0',
      '100',
    ]);
  });

  it('write very small and very large numbers with powers of ten', () => {
    expect(plain(formatNumber(0.0000213))).toBe('2.13 × 10⁻⁵');
    expect(plain(formatNumber(-12_000_000))).toBe('−1.2 × 10⁷');
  });

  it('use a minus sign, and none before a rounded zero', () => {
    expect(formatFixed(-0.426)).toBe('−0.43');
    expect(formatFixed(-0.001)).toBe('0.00');
    expect([formatSigned(0.0313), formatSigned(-0.12), formatSigned(0.0001)]).toEqual(['+0.031', '−0.120', '0.000']);
  });

  it('write shares as percentages', () => {
    expect(plain(formatPercent(0.1834))).toBe('18.3 %');
  });
});

describe('legendTicks', () => {
  it('has both ends as they are and round numbers between, with room between the labels', () => {
    const ticks = legendTicks({ kind: 'sequential', ramp: 'attention', min: 0, max: 0.107 });
    expect(ticks.map(({ label }) => label)).toEqual(['0', '0.05', '0.11']);
    for (let i = 1; i < ticks.length; i += 1) {
      expect((ticks[i]?.position ?? 0) - (ticks[i - 1]?.position ?? 0)).toBeGreaterThan(0.13);
    }
  });

  it('leaves out round numbers whose labels would collide with those of the ends', () => {
    const scale: ColorScale = { kind: 'sequential', ramp: 'attention', min: 0, max: 0.05 };
    expect(legendTicks(scale).map(({ label }) => label)).toEqual(['0', '0.02', '0.05']);
  });

  it('is symmetric about 0 and signed for differences', () => {
    const ticks = legendTicks({ kind: 'diverging', max: 0.2 });
    expect(ticks.map(({ label, position }) => [label, position])).toEqual([
      ['−0.2', 0],
      ['0', 0.5],
      ['+0.2', 1],
    ]);
  });

  it('has one tick on a scale of no width', () => {
    const flat: ColorScale = { kind: 'sequential', ramp: 'attention', min: 0, max: 0 };
    expect(legendTicks(flat)).toEqual([{ value: 0, position: 0, label: '0' }]);
  });
});

describe('formatOperations', () => {
  it.each([
    [1_260_969_984, '1261.0 M'],
    [28_901_376, '28.90 M'],
    [192_000, '0.192 M'],
    [17_563_200_000, '17.56 G'],
    [42_000, '42.0 k'],
    [3072, '3.07 k'],
    [640, '640'],
    [37.5, '37.5'],
    [0, '0'],
    [null, 'n/a'],
  ])('writes %s as %s', (count, text) => {
    expect(formatOperations(count).replace('\u202f', ' ')).toBe(text);
  });

  it('goes with ratios and counts', () => {
    expect([formatTimes(25.98), formatTimes(null), formatCount(5_717_416), formatCount(null)]).toEqual([
      '26.0×',
      'n/a',
      '5,717,416',
      'n/a',
    ]);
  });
});
