// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { RepairMatrix, type RepairTarget } from '@/components/charts/repair-matrix';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

/** Head 2 of layer 2 is undefined, and everything together makes the prediction right. */
function Matrix({ heads = [2, 2] }: { readonly heads?: readonly number[] }) {
  const [selected, setSelected] = useState<RepairTarget>({ kind: 'head', layer: 0, head: 0 });
  return (
    <RepairMatrix
      label="Recovered logit"
      heads={heads}
      valueAt={(place) => {
        if (place.kind === 'all') return 3;
        if (place.kind === 'layer') return -1;
        return place.layer === 1 && place.head === 1 ? null : 0.5;
      }}
      markAt={({ kind }) => (kind === 'all' ? { symbol: '✓', spoken: 'becomes right' } : null)}
      scale={{ kind: 'diverging', max: 4 }}
      selected={selected}
      onSelect={setSelected}
    />
  );
}

const cell = (name: string | RegExp) => screen.getByRole('gridcell', { name });
const focusedName = () => document.activeElement?.getAttribute('aria-label');

afterEach(cleanup);

describe('RepairMatrix', () => {
  it('says heads, layers and all with their sign, n/a, and what a mark stands for', () => {
    renderInMantine(<Matrix />);
    expect(cell('layer 1, head 2: +0.50').textContent).toBe('+0.50');
    expect(cell('layer 2, head 2: n/a').getAttribute('data-undefined')).toBe('true');
    expect(cell('whole layer 2: −1.00')).toBeTruthy();
    expect(cell('all layers: +3.00, becomes right').textContent).toContain('✓');
  });

  it('moves by arrows with one tab stop, over to whole layers and down to all, and selects with Enter', async () => {
    renderInMantine(<Matrix />);
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    expect(focusedName()).toMatch(/^layer 1, head 1/);
    await user.keyboard('{End}');
    expect(focusedName()).toMatch(/^whole layer 1/);
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(focusedName()).toMatch(/^all layers/);
    expect(cell(/^layer 1, head 1/).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Enter}');
    expect(screen.getAllByRole('gridcell', { selected: true })).toEqual([cell(/^all layers/)]);
    await user.tab();
    await user.tab({ shift: true });
    expect(focusedName()).toMatch(/^all layers/);
  });

  it('takes layers of different numbers of heads, whose whole layers stand in the last column', async () => {
    renderInMantine(<Matrix heads={[1, 3]} />);
    const user = userEvent.setup();
    expect(screen.queryByRole('gridcell', { name: /^layer 1, head 2/ })).toBeNull();
    cell(/^layer 2, head 3/).focus();
    await user.keyboard('{ArrowUp}');
    expect(focusedName()).toMatch(/^whole layer 1/);
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    const rows = screen.getAllByRole('row').map((row) => [...row.children].map(({ textContent }) => textContent));
    expect(rows).toEqual([
      ['repaired', 'head 1', 'head 2', 'head 3', 'whole'],
      ['layer 1', '+0.50', '', '', '−1.00'],
      ['layer 2', '+0.50', 'n/a', '+0.50', '−1.00'],
      ['all layers', '', '', '', '+3.00 ✓'],
    ]);
  });

  it('selects what is clicked and can be read as a table', async () => {
    renderInMantine(<Matrix />);
    const user = userEvent.setup();
    await user.click(cell(/^whole layer 2/));
    expect(cell(/^whole layer 2/).getAttribute('aria-selected')).toBe('true');
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(rows).toEqual([
      'repairedhead 1head 2whole',
      'layer 1+0.50+0.50−1.00',
      'layer 2+0.50n/a−1.00',
      'all layers+3.00 ✓',
    ]);
  });
});
