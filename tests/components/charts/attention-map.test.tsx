// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { squareGeometry } from '@/lib/viz/patch-geometry';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const geometry = squareGeometry(50, 1);
/** Each entry says its own token: token 18 is 0.018. */
const values = Float32Array.from({ length: 50 }, (_, token) => token / 1000);

function Map(props: Partial<AttentionMapProps>) {
  const [query, setQuery] = useState(25);
  return (
    <AttentionMap
      title="Teacher"
      values={values}
      geometry={geometry}
      scale={{ kind: 'sequential', ramp: 'attention', min: 0, max: 0.05 }}
      query={query}
      onSelectQuery={setQuery}
      view="plain"
      {...props}
    />
  );
}

const cell = (name: string | RegExp) => screen.getByRole('gridcell', { name });
const focusedName = () => document.activeElement?.getAttribute('aria-label');
const selectedNames = () =>
  screen.getAllByRole('gridcell', { selected: true }).map((element) => element.getAttribute('aria-label'));

afterEach(cleanup);

describe('AttentionMap', () => {
  it('says place and number of every token', () => {
    renderInMantine(<Map />);
    expect(screen.getByRole('grid', { name: 'Teacher: attention of patch row 4, column 4' })).toBeDefined();
    expect(screen.getAllByRole('gridcell')).toHaveLength(50);
    expect(cell('patch row 3, column 4: 0.018')).toBeDefined();
    expect(cell('class token CLS: 0')).toBeDefined();
  });

  it('is one tab stop, at the query, and arrows move the focus without choosing', async () => {
    renderInMantine(<Map />);
    const user = userEvent.setup();
    await user.tab(); // view as table
    await user.tab();
    expect(focusedName()).toBe('patch row 4, column 4: 0.025');
    await user.keyboard('{ArrowUp}');
    expect(focusedName()).toBe('patch row 3, column 4: 0.018');
    await user.keyboard('{End}{PageDown}{ArrowDown}');
    expect(focusedName()).toBe('class token CLS: 0');
    expect(selectedNames()).toEqual(['patch row 4, column 4: 0.025']);
    await user.tab();
    expect(document.activeElement).toBe(document.body);
  });

  it('chooses the focused token with Enter and with Space', async () => {
    renderInMantine(<Map />);
    const user = userEvent.setup();
    cell(/row 4, column 4/).focus();
    await user.keyboard('{ArrowRight}{Enter}');
    expect(selectedNames()).toEqual(['patch row 4, column 5: 0.026']);
    await user.keyboard('{PageDown}{ArrowDown} ');
    expect(selectedNames()).toEqual(['class token CLS: 0']);
  });

  it('chooses by click, and only when that changes something', async () => {
    const onSelectQuery = vi.fn();
    renderInMantine(<Map query={25} onSelectQuery={onSelectQuery} />);
    const user = userEvent.setup();
    await user.click(cell(/row 4, column 4/));
    expect(onSelectQuery).not.toHaveBeenCalled();
    await user.click(cell('patch row 1, column 2: 0.002'));
    expect(onSelectQuery).toHaveBeenCalledExactlyOnceWith(2);
  });

  it('speaks politely where the pointer rests, in one region for all maps', async () => {
    renderInMantine(
      <>
        <Map />
        <Map title="Student" />
      </>,
    );
    const user = userEvent.setup();
    await user.hover(screen.getAllByRole('gridcell', { name: 'patch row 3, column 4: 0.018' })[1] ?? document.body);
    const status = await screen.findByText('Student, patch row 3, column 4: 0.018');
    expect(status.getAttribute('aria-live')).toBe('polite');
    await user.click(screen.getAllByRole('gridcell', { name: 'patch row 1, column 1: 0.001' })[0] ?? document.body);
    expect(status.textContent).toBe('Teacher, patch row 1, column 1: 0.001');
    expect(document.querySelectorAll('[aria-live]')).toHaveLength(1);
  });

  it('reads out the place under the pointer, and the strongest one while there is none', async () => {
    const { container } = renderInMantine(<Map />);
    expect(container.textContent).toContain('most: row 7, column 7 0.049');
    const user = userEvent.setup();
    await user.hover(cell('patch row 3, column 4: 0.018'));
    expect(container.textContent).toContain('row 3, column 4 0.018');
    await user.unhover(cell('patch row 3, column 4: 0.018'));
    expect(container.textContent).toContain('most: row 7, column 7');
  });

  it('tells other panes which place is looked at, and follows theirs', async () => {
    const onActiveToken = vi.fn();
    const { container, rerender } = renderInMantine(<Map activeToken={null} onActiveToken={onActiveToken} />);
    await userEvent.setup().hover(cell('patch row 3, column 4: 0.018'));
    expect(onActiveToken).toHaveBeenLastCalledWith(18);
    rerender(<Map activeToken={2} onActiveToken={onActiveToken} />);
    expect(container.textContent).toContain('row 1, column 2 0.002');
  });

  it('shows the same numbers as a table', async () => {
    renderInMantine(<Map />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(50);
    rows.forEach((row, token) => {
      expect(within(row).getByRole('cell').textContent).toBe((token / 1000).toFixed(4));
    });
    expect(within(rows[18] ?? document.body).getByRole('rowheader').textContent).toBe('row 3, column 4');
  });

  it('says n/a, not 0, for what is undefined', () => {
    renderInMantine(<Map values={Float32Array.from({ length: 50 }, () => NaN)} />);
    expect(cell('patch row 3, column 4: n/a')).toBeDefined();
  });

  it('signs differences', () => {
    renderInMantine(<Map values={values.map((value) => -value)} scale={{ kind: 'diverging', max: 0.05 }} />);
    expect(cell('patch row 3, column 4: −0.018')).toBeDefined();
  });
});

describe('AttentionMap of a large grid', () => {
  const large = squareGeometry(197, 1);
  const row = Float32Array.from({ length: 197 }, (_, token) => token / 10_000);
  const shown = { geometry: large, values: row } as const;

  it('has one cell for all patches, which arrows move along, and one for each class token', async () => {
    renderInMantine(<Map {...shown} />);
    const user = userEvent.setup();
    expect(screen.getAllByRole('gridcell')).toHaveLength(2);
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('15');
    await user.tab(); // view as table
    await user.tab();
    expect(focusedName()).toBe('patch row 2, column 11: 0.0025');
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(focusedName()).toBe('patch row 3, column 12: 0.004');
    await user.keyboard('{Enter}');
    expect(selectedNames()).toEqual(['patch row 3, column 12: 0.004']);
    await user.keyboard('{PageDown}{ArrowDown}');
    expect(focusedName()).toBe('class token CLS: 0');
    await user.keyboard('{ArrowUp}');
    expect(focusedName()).toBe('patch row 14, column 1: 0.0183');
  });

  it('finds the patch under the pointer by where it is', () => {
    const { container } = renderInMantine(<Map {...shown} />);
    const picture = container.querySelector('[data-patches]') as HTMLElement;
    picture.getBoundingClientRect = () => new DOMRect(0, 0, 140, 140);
    fireEvent.click(picture, { clientX: 25, clientY: 135 });
    expect(selectedNames()).toEqual(['patch row 14, column 3: 0.0185']);
    fireEvent.click(picture, { clientX: 200, clientY: 5 });
    expect(selectedNames()).toEqual(['patch row 14, column 3: 0.0185']);
  });

  it('draws the windows of a layer, those at the edge by their parts', () => {
    const { container } = renderInMantine(
      <Map
        geometry={{ rows: 14, columns: 14, classTokens: 0 }}
        values={row.subarray(1)}
        windows={{ size: 7, shift: 3 }}
      />,
    );
    const lines = [...container.querySelectorAll<HTMLElement>('[data-axis="x"]')].map((line) => line.style.left);
    expect(lines).toEqual(['21.428571428571427%', '71.42857142857143%']);
  });
});
