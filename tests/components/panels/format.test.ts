import { describe, expect, it } from 'vitest';
import { formatBytes, formatMs, formatNumber, formatPercent } from '@/components/panels/format';

describe('numbers in panels', () => {
  it('say that an undefined result is undefined', () => {
    expect(formatNumber(null)).toBe('n/a');
    expect(formatNumber(Number.NaN)).toBe('n/a');
    expect(formatPercent(null)).toBe('n/a');
  });

  it('have no minus zero and a true minus sign', () => {
    expect(formatNumber(-0.0001)).toBe('0.000');
    expect(formatNumber(-0.25, 2)).toBe('−0.25');
  });

  it('keep a sensible number of digits', () => {
    expect(formatPercent(0.87654)).toBe('87.7 %');
    expect([12.345, 123.4, 12_345].map(formatMs)).toEqual(['12.3 ms', '123 ms', '12.3 s']);
    expect([67_600, 12_345_678].map(formatBytes)).toEqual(['68 kB', '12.3 MB']);
  });
});
