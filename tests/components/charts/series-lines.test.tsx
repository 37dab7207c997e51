// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { SeriesLines, type Series, type SeriesLinesProps } from '@/components/charts/series-lines';
import { valueAxis } from '@/lib/viz/value-axis';
import { formatNumber } from '@/lib/viz/format';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const series: readonly Series[] = [
  { id: 'teacher', name: 'Teacher', model: 'teacher', values: [0.1, 1, 10] },
  { id: 'baseline', name: 'Baseline', model: 'baseline', values: [0.001, 0, null] },
];

function Lines(props: Partial<SeriesLinesProps>) {
  const [selected, setSelected] = useState<number>(0);
  return (
    <SeriesLines
      label="Norm of the gradient"
      xLabel="layer"
      xTicks={['layer 1', 'layer 2', 'layer 3']}
      yLabel="norm"
      series={series}
      scale={{ kind: 'log' }}
      format={(value) => formatNumber(value)}
      selected={selected}
      onSelect={setSelected}
      {...props}
    />
  );
}

const cell = (name: string | RegExp) => screen.getByRole('gridcell', { name });
const markers = (container: HTMLElement, id: string) =>
  [...container.querySelectorAll(`[data-series="${id}"]`)].map((marker) => marker.getAttribute('transform') ?? '');
const heightOf = (transform: string | undefined) => Number(/, ?(-?[\d.]+)\)/.exec(transform ?? '')?.[1]);

afterEach(cleanup);

describe('SeriesLines', () => {
  it('says every value of every place, true zeros as 0 and undefined ones as n/a', () => {
    renderInMantine(<Lines />);
    expect(screen.getByRole('grid', { name: 'Norm of the gradient' })).toBeDefined();
    expect(cell('layer 1: Teacher 0.1, Baseline 0.001')).toBeDefined();
    expect(cell('layer 2: Teacher 1, Baseline 0')).toBeDefined();
    expect(cell('layer 3: Teacher 10, Baseline n/a')).toBeDefined();
  });

  it('draws a true zero below the smallest decade on a marked line, and leaves a gap for what is undefined', () => {
    const { container } = renderInMantine(<Lines />);
    const [least, zero, ...more] = markers(container, 'baseline').map(heightOf);
    expect(more).toEqual([]);
    expect(zero).toBeGreaterThan(least ?? NaN);
    expect(screen.getByText(/marked 0: true zeros/)).toBeDefined();
    expect([...container.querySelectorAll('tspan')].map(({ textContent }) => textContent)).toContain('0');
    expect(markers(container, 'teacher')).toHaveLength(3);
  });

  it('has no line of zeros where there are none', () => {
    renderInMantine(<Lines series={series.slice(0, 1)} />);
    expect(screen.queryByText(/true zeros/)).toBeNull();
  });

  it('is one tab stop at the chosen place; arrows read, Enter chooses', async () => {
    renderInMantine(<Lines />);
    const user = userEvent.setup();
    await user.tab(); // view as table
    await user.tab();
    expect(document.activeElement).toBe(cell(/^layer 1/));
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(document.activeElement).toBe(cell(/^layer 3/));
    expect(cell(/^layer 1/).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Enter}');
    expect(cell(/^layer 3/).getAttribute('aria-selected')).toBe('true');
  });

  it('chooses as the arrows move where that is asked for, and by click', async () => {
    renderInMantine(<Lines selectOnMove />);
    const user = userEvent.setup();
    cell(/^layer 1/).focus();
    await user.keyboard('{ArrowRight}');
    expect(cell(/^layer 2/).getAttribute('aria-selected')).toBe('true');
    await user.click(cell(/^layer 3/));
    expect(cell(/^layer 3/).getAttribute('aria-selected')).toBe('true');
  });

  it('reads out the place under the pointer in the legend, else the chosen one', async () => {
    renderInMantine(<Lines />);
    const user = userEvent.setup();
    const items = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(items()).toEqual(['Teacher0.1', 'Baseline0.001']);
    await user.hover(cell(/^layer 3/));
    expect(items()).toEqual(['Teacher10', 'Baselinen/a']);
  });

  it('hides a series by its button, and keeps the others where they were', async () => {
    const { container } = renderInMantine(<Lines />);
    const before = markers(container, 'teacher');
    const button = screen.getByRole('button', { name: 'Baseline' });
    expect(button.getAttribute('aria-pressed')).toBe('true');
    await userEvent.setup().click(button);
    expect(button.getAttribute('aria-pressed')).toBe('false');
    expect(markers(container, 'baseline')).toEqual([]);
    expect(markers(container, 'teacher')).toEqual(before);
    expect(cell('layer 2: Teacher 1')).toBeDefined();
  });

  it('shows all of it as a table', async () => {
    renderInMantine(<Lines />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const rows = screen.getAllByRole('row').map((row) =>
      within(row)
        .queryAllByRole('cell')
        .map(({ textContent }) => textContent),
    );
    expect(rows).toEqual([[], ['0.1', '0.001'], ['1', '0'], ['10', 'n/a']]);
  });

  it('takes a chart in which everything is undefined', () => {
    const nothing = series.map((each) => ({ ...each, values: [null, null, null] }));
    const { container } = renderInMantine(<Lines series={nothing} />);
    expect(cell('layer 1: Teacher n/a, Baseline n/a')).toBeDefined();
    expect(container.querySelectorAll('[data-series]')).toHaveLength(0);
  });
});

describe('valueAxis', () => {
  it('puts whole decades around the values, and one line below them for zeros', () => {
    const axis = valueAxis({ kind: 'log' }, [0, 0.02, 3, null, NaN]);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['0', '10⁻²', '10⁻¹', '10⁰', '10¹']);
    expect(axis.zeroAt).toBeLessThan(-2);
    expect(axis.place(0)).toBe(axis.zeroAt);
    expect(axis.place(0.1)).toBeCloseTo(-1);
    expect([axis.place(null), axis.place(NaN), axis.place(-1), axis.place(undefined)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('thins decades, and never shows fewer than one', () => {
    expect(valueAxis({ kind: 'log' }, [1e-12, 1]).ticks.length).toBeLessThanOrEqual(6);
    expect(valueAxis({ kind: 'log' }, [0, 0]).ticks.map(({ label }) => label)).toEqual(['0', '10⁰', '10¹']);
    expect(valueAxis({ kind: 'log' }, [1, 1]).domain).toEqual([0, 1]);
  });

  it('keeps the ends of a linear axis, and rounds those it finds outwards', () => {
    expect(valueAxis({ kind: 'linear', min: 0, max: 1 }, [0.4]).domain).toEqual([0, 1]);
    const { domain } = valueAxis({ kind: 'linear-auto' }, [0.13, 0.87]);
    expect(domain[0]).toBeLessThanOrEqual(0.13);
    expect(domain[1]).toBeGreaterThanOrEqual(0.87);
    expect(valueAxis({ kind: 'linear-auto' }, [2, 2]).domain).toEqual([1.4, 2.6].map(() => expect.any(Number)));
    expect(valueAxis({ kind: 'linear-auto' }, []).domain).toEqual([0, 1]);
  });
});
