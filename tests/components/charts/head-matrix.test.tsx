// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { HeadMatrix, type HeadMatrixProps } from '@/components/charts/head-matrix';
import { contrastRatio } from '@/lib/viz/contrast';
import type { Rgb } from '@/lib/viz/ramps';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const values = [
  [0, 0.25],
  [null, 0.5],
  [0.75, 1],
];

function Matrix(props: Partial<HeadMatrixProps>) {
  const [selected, setSelected] = useState({ layer: 0, head: 0 });
  return (
    <HeadMatrix
      label="1 − cosine"
      values={values}
      scale={{ kind: 'sequential', ramp: 'distortion', min: 0, max: 1 }}
      selected={selected}
      onSelect={setSelected}
      {...props}
    />
  );
}

const cell = (name: string | RegExp) => screen.getByRole('gridcell', { name });
const focusedName = () => document.activeElement?.getAttribute('aria-label');

afterEach(cleanup);

describe('HeadMatrix', () => {
  it('says layer, head and number, and n/a for what is undefined', () => {
    renderInMantine(<Matrix describe={({ layer }) => (layer === 1 ? 'defined in 0 of 50 rows' : null)} />);
    expect(cell('layer 1, head 2: 0.25').textContent).toBe('0.25');
    expect(cell('layer 2, head 1: n/a, defined in 0 of 50 rows').textContent).toBe('n/a');
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'layer',
      'head 1',
      'head 2',
    ]);
    expect(screen.getAllByRole('rowheader')).toHaveLength(3);
  });

  it('moves by arrows with one tab stop and selects with Enter', async () => {
    renderInMantine(<Matrix />);
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    expect(focusedName()).toBe('layer 1, head 1: 0.00');
    await user.keyboard('{ArrowRight}{ArrowDown}');
    expect(focusedName()).toBe('layer 2, head 2: 0.50');
    expect(cell(/layer 1, head 1/).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Enter}');
    expect(cell(/layer 2, head 2/).getAttribute('aria-selected')).toBe('true');
    expect(screen.getAllByRole('gridcell', { selected: true })).toHaveLength(1);
    await user.keyboard('{Control>}{End}{/Control}');
    expect(focusedName()).toBe('layer 3, head 2: 1.00');
  });

  it('keeps its text readable on every cell', () => {
    renderInMantine(<Matrix />);
    for (const element of screen.getAllByRole('gridcell')) {
      if (element.textContent === 'n/a') continue;
      const [text, paper] = [element.style.color, element.style.background].map(parseRgb);
      expect(text !== undefined && paper !== undefined && contrastRatio(text, paper)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('opens the explanation of the cell under the keyboard or a click, and Escape closes it', async () => {
    renderInMantine(<Matrix explain={({ layer, head }) => `formula of ${layer},${head}`} />);
    const user = userEvent.setup();
    await user.click(cell(/layer 3, head 1/));
    expect(await screen.findByText('formula of 2,0')).toBeDefined();
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/formula of/)).toBeNull();
  });

  it('shows the same numbers as a table', async () => {
    renderInMantine(<Matrix />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
    const shown = rows.map((row) =>
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    );
    expect(shown).toEqual([
      ['0.00', '0.25'],
      ['n/a', '0.50'],
      ['0.75', '1.00'],
    ]);
  });
});

function parseRgb(css: string): Rgb {
  const [red = 0, green = 0, blue = 0] = css.match(/\d+/g)?.map(Number) ?? [];
  return [red, green, blue];
}
