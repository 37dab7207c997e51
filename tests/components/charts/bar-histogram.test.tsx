// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { BarHistogram, type BarHistogramProps } from '@/components/charts/bar-histogram';
import { formatNumber } from '@/lib/viz/format';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const Bars = (props: Partial<BarHistogramProps>) => (
  <BarHistogram
    label="q of layer 1"
    counts={[1, 6, 2, 1]}
    edges={[-2, -1, 0, 1, 2]}
    window={{ lower: -1, upper: 1, label: 'gradient passes' }}
    format={(value) => formatNumber(value)}
    {...props}
  />
);
const cell = (name: string | RegExp) => screen.getByRole('gridcell', { name });

afterEach(cleanup);

describe('BarHistogram', () => {
  it('says each bin, its count, its share and the side of the window it is on', () => {
    renderInMantine(<Bars />);
    expect(cell('−2 to −1: 1 values, 10 percent, outside the window')).toBeDefined();
    expect(cell('−1 to 0: 6 values, 60 percent, inside the window')).toBeDefined();
  });

  it('tells inside and outside apart by more than colour', () => {
    const { container } = renderInMantine(<Bars />);
    const fills = [...container.querySelectorAll('[data-bars] > rect')].map((bar) => bar.getAttribute('fill'));
    expect(fills.map((fill) => fill?.startsWith('url(') ?? false)).toEqual([true, false, false, true]);
  });

  it('draws bars in proportion to their counts', () => {
    const { container } = renderInMantine(<Bars window={null} />);
    const heights = [...container.querySelectorAll('[data-bars] > rect')].map((bar) =>
      Number(bar.getAttribute('height')),
    );
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(6);
    expect((heights[2] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(2);
  });

  it('is one tab stop, and reads a bin with the arrows', async () => {
    const { container } = renderInMantine(<Bars />);
    const user = userEvent.setup();
    expect(container.textContent).toContain('10 values');
    await user.tab();
    await user.tab();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(cell(/^−1 to 0/));
    expect(container.textContent).toContain('−1 to 0: 6 (60\u202f%)');
    await user.tab();
    expect(document.activeElement).toBe(document.body);
  });

  it('gives true zeros a bar of their own on a log axis, counted in the shares', () => {
    renderInMantine(<Bars log window={null} edges={[1e-4, 1e-3, 1e-2, 0.1, 1]} zeros={10} />);
    expect(cell('exactly 0: 10 values, 50 percent')).toBeDefined();
    expect(cell('0.001 to 0.01: 6 values, 30 percent')).toBeDefined();
  });

  it('shows the same as a table', async () => {
    renderInMantine(<Bars />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const rows = screen.getAllByRole('row').slice(1);
    expect(
      rows.map((row) =>
        within(row)
          .getAllByRole('cell')
          .map(({ textContent }) => textContent),
      ),
    ).toEqual([
      ['1', 'no'],
      ['6', 'yes'],
      ['2', 'yes'],
      ['1', 'no'],
    ]);
  });

  it('takes a histogram of nothing', () => {
    renderInMantine(<Bars counts={[0, 0, 0, 0]} />);
    expect(cell('−2 to −1: 0 values, n/a percent, outside the window')).toBeDefined();
  });
});
