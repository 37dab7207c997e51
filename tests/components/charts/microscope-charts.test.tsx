// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AlphaCurves, type AlphaCurve } from '@/components/charts/alpha-curves';
import { KeyBars, type KeyBarsRow } from '@/components/charts/key-bars';
import { MatrixMap } from '@/components/charts/matrix-map';
import { niceTop, niceTopOf } from '@/lib/viz/nice-top';
import { formatNumber } from '@/lib/viz/format';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

const focusedName = () => document.activeElement?.getAttribute('aria-label');

describe('KeyBars', () => {
  const rows: readonly KeyBarsRow[] = [
    { id: 'z', name: 'z', note: 'scores', values: [1, -2, 0], top: 1, signed: true, color: 'red' },
    { id: 'p', name: 'p', note: 'attention', values: [0.5, 0.1, 0.4], top: 0.5, signed: false, color: 'red' },
  ];
  const bars = <KeyBars label="a row" keys={['CLS', 'patch (1, 1)', 'patch (1, 2)']} rows={rows} />;

  it('reads a key with all its quantities, by arrows from one tab stop', async () => {
    renderInMantine(bars);
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    expect(focusedName()).toBe('key CLS: z 1, p 0.5');
    await user.keyboard('{ArrowRight}');
    expect(focusedName()).toBe('key patch (1, 1): z −2, p 0.1');
    await user.tab();
    expect(document.activeElement).toBe(document.body);
  });

  it('cuts what lies beyond the axis and marks it, draws nothing for 0', () => {
    const { container } = renderInMantine(bars);
    const [scores, cuts] = [...container.querySelectorAll('g path[d]')].slice(1).map((path) => path.getAttribute('d'));
    expect(scores?.match(/Z/g)).toHaveLength(2);
    expect(cuts?.match(/M/g)).toHaveLength(1);
  });

  it('shows the same as a table', async () => {
    renderInMantine(bars);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const row = screen.getByRole('row', { name: /patch \(1, 1\)/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['−2', '0.1']);
  });
});

describe('MatrixMap', () => {
  const keys = ['a', 'b', 'c'];
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => n / 10);
  const map = <MatrixMap label="J" symbol="J" values={values} keys={keys} scale={{ kind: 'diverging', max: 1 }} />;
  const activeName = () => {
    const grid = screen.getByRole('grid', { name: 'J' });
    return document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label');
  };

  it('is one tab stop that names its active entry, moved by arrows and to the corners', async () => {
    renderInMantine(map);
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'J' }));
    expect(activeName()).toBe('row a, column a: 0.1');
    await user.keyboard('{ArrowRight}{ArrowDown}');
    expect(activeName()).toBe('row b, column b: 0.5');
    await user.keyboard('{Control>}{End}{/Control}');
    expect(activeName()).toBe('row c, column c: 0.9');
    await user.keyboard('{ArrowDown}');
    expect(activeName()).toBe('row c, column c: 0.9');
    expect(screen.getAllByRole('gridcell')).toHaveLength(1);
  });

  it('says how large it is and where the entry stands', async () => {
    renderInMantine(map);
    const grid = screen.getByRole('grid', { name: 'J' });
    expect([grid.getAttribute('aria-rowcount'), grid.getAttribute('aria-colcount')]).toEqual(['3', '3']);
    grid.focus();
    await userEvent.setup().keyboard('{ArrowDown}');
    expect(screen.getByRole('row').getAttribute('aria-rowindex')).toBe('2');
    expect(screen.getByRole('gridcell').getAttribute('aria-colindex')).toBe('1');
  });

  it('shows all entries as a table', async () => {
    renderInMantine(map);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual(values.map((v) => String(v)));
  });
});

describe('AlphaCurves', () => {
  const alphas = [0.01, 0.1, 1, 10, 100];
  const curve: AlphaCurve = {
    id: 'g',
    name: 'gradient',
    values: [0, 2, 4, null, 1],
    unit: 'of-peak',
    color: 'red',
    dash: null,
    marker: 'circle',
    format: (value) => formatNumber(value),
  };
  function Curves({ onAlpha }: { readonly onAlpha: (alpha: number) => void }) {
    const [alpha, setAlpha] = useState(1);
    return (
      <AlphaCurves
        label="over alpha"
        alphas={alphas}
        curves={[curve]}
        alpha={alpha}
        onAlpha={(next) => {
          setAlpha(next);
          onAlpha(next);
        }}
        range={{ min: 0.01, max: 100 }}
      />
    );
  }
  const handle = () => screen.getByRole('slider');

  it('moves alpha by keys, forty steps to a decade, and stays in its range', () => {
    const onAlpha = vi.fn();
    renderInMantine(<Curves onAlpha={onAlpha} />);
    fireEvent.keyDown(handle(), { key: 'ArrowRight' });
    expect(onAlpha).toHaveBeenLastCalledWith(1.06);
    fireEvent.keyDown(handle(), { key: 'End' });
    expect(handle().getAttribute('aria-valuetext')).toBe('α = 100');
    fireEvent.keyDown(handle(), { key: 'PageUp' });
    expect(onAlpha).toHaveBeenLastCalledWith(100);
    fireEvent.keyDown(handle(), { key: 'Home' });
    expect(onAlpha).toHaveBeenLastCalledWith(0.01);
    fireEvent.keyDown(handle(), { key: 'Tab' });
    expect(onAlpha).toHaveBeenCalledTimes(3);
  });

  it('lifts the pen where a share is undefined', () => {
    const { container } = renderInMantine(<Curves onAlpha={() => undefined} />);
    const line = container.querySelector('path[stroke="red"][fill="none"]')?.getAttribute('d') ?? '';
    expect(line.match(/M/g)).toHaveLength(2);
    expect(line.match(/L/g)).toHaveLength(2);
  });

  it('gives the numbers themselves in its table, not the shares that are drawn', async () => {
    renderInMantine(<Curves onAlpha={() => undefined} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual(['0', '2', '4', 'n/a', '1']);
  });
});

describe('niceTop', () => {
  it('ends an axis at the next round number', () => {
    expect([0.0021, 0.003, 0.9, 1, 1.01, 6, 71].map(niceTop)).toEqual([0.003, 0.003, 1, 1, 2, 7, 100]);
    expect([niceTop(0), niceTop(NaN), niceTop(Infinity)]).toEqual([1, 1, 1]);
    expect(niceTopOf([NaN, -4, 2])).toBe(5);
  });
});
