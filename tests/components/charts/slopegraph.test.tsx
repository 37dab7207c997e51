// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { SlopeKey } from '@/components/charts/slope-line';
import { Slopegraph } from '@/components/charts/slopegraph';
import { mostOf, type SlopeRelation } from '@/lib/viz/slope-relation';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

/** Four keys; the right ranking reverses the first two and ties the last two with eight others. */
const RIGHT = [2, 1, 7.5, 7.5];
const keys: readonly SlopeKey[] = RIGHT.map((rank, index) => ({
  id: 10 + index,
  name: `k${index + 1}`,
  spoken: `key ${index + 1}`,
  left: { rank: index + 1, value: `${9 - index}`, tiedWith: 0 },
  right: { rank, value: index > 1 ? '0' : '1', tiedWith: index > 1 ? 9 : 0 },
}));

function relation(a: number, b: number): SlopeRelation {
  const sign = Math.sign(a - b) * Math.sign((RIGHT[a] ?? NaN) - (RIGHT[b] ?? NaN));
  return sign === 0 ? 'tied' : sign > 0 ? 'concordant' : 'discordant';
}

function Graph() {
  const [active, setActive] = useState<number | null>(null);
  const [pinned, setPinned] = useState<readonly number[]>([]);
  return (
    <Slopegraph
      label="order"
      leftName="Teacher"
      rightName="Student"
      leftQuantity="score"
      rightQuantity="attention"
      keys={keys}
      size={12}
      relation={relation}
      active={active}
      onActive={setActive}
      pinned={pinned}
      onPin={(id) => setPinned(pinned.includes(id) ? pinned.filter((each) => each !== id) : [...pinned, id])}
      onUnpin={() => setPinned([])}
    />
  );
}

const relations = () => screen.getAllByRole('option').map((line) => line.getAttribute('data-relation'));
const pinnedLines = () => screen.getAllByRole('option').map((line) => line.getAttribute('aria-selected') === 'true');
const focusedLine = () => document.activeElement?.getAttribute('data-line');

describe('Slopegraph', () => {
  it('says of each key both ranks, its ties in the whole row, and how its pairs stand', () => {
    renderInMantine(<Graph />);
    const names = screen.getAllByRole('option').map((line) => line.getAttribute('aria-label'));
    expect(names[0]).toBe(
      'key 1: Teacher rank 1 of 12, Student rank 2 of 12; pairs with the others shown: 2 kept, 1 reversed, 0 tied',
    );
    expect(names[3]).toBe(
      'key 4: Teacher rank 4 of 12, Student rank 7.5 of 12, tied with 9 others; pairs with the others shown: 2 kept, 0 reversed, 1 tied',
    );
  });

  it('tells the relations apart by dash and glyph too, not by colour alone', () => {
    renderInMantine(<Graph />);
    const legend = screen.getByText(/Order with/).parentElement;
    const drawn = [...(legend?.querySelectorAll('svg') ?? [])].map((swatch) =>
      [...swatch.querySelectorAll('path')].map(
        (path) => path.getAttribute('stroke-dasharray') ?? path.getAttribute('d'),
      ),
    );
    expect(new Set(drawn.map(([line]) => line)).size).toBe(3);
    expect(new Set(drawn.map(([, glyph]) => glyph)).size).toBe(3);
  });

  it('walks along the lines with arrows from one tab stop and compares the others with the one in focus', async () => {
    renderInMantine(<Graph />);
    const user = userEvent.setup();
    expect(relations()).toEqual(['concordant', 'concordant', 'concordant', 'concordant']);
    await user.tab();
    await user.tab();
    expect(focusedLine()).toBe('10');
    expect(relations()).toEqual(['itself', 'discordant', 'concordant', 'concordant']);
    await user.keyboard('{End}');
    expect(focusedLine()).toBe('13');
    expect(relations()).toEqual(['concordant', 'concordant', 'tied', 'itself']);
    await user.keyboard('{ArrowDown}{ArrowUp}');
    expect(focusedLine()).toBe('12');
    await user.keyboard('{Home}');
    expect(focusedLine()).toBe('10');
    await user.tab();
    expect(screen.getAllByRole('option').some((line) => line === document.activeElement)).toBe(false);
    expect(relations()).toEqual(['concordant', 'concordant', 'concordant', 'concordant']);
  });

  it('pins with Enter, Space or a click, and lets go with Escape', async () => {
    renderInMantine(<Graph />);
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}{ArrowDown} ');
    expect(pinnedLines()).toEqual([true, true, false, false]);
    await user.keyboard('{Escape}');
    expect(pinnedLines()).toEqual([false, false, false, false]);
    await user.click(screen.getByRole('option', { name: /^key 3/ }));
    expect(pinnedLines()).toEqual([false, false, true, false]);
  });

  it('brackets the labels of tied keys', () => {
    const { container } = renderInMantine(<Graph />);
    const ranks = [...container.querySelectorAll('[data-line="12"] + g text, [data-line="13"] + g text')].map(
      (text) => text.textContent,
    );
    expect(ranks.filter((text) => text === '=7.5')).toHaveLength(2);
    expect(container.querySelectorAll('path[data-tie]')).toHaveLength(1);
  });

  it('shows the same as a table', async () => {
    renderInMantine(<Graph />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const [, first, , third] = within(screen.getByRole('table')).getAllByRole('row');
    const texts = (row: HTMLElement | undefined) => [...(row?.children ?? [])].map(({ textContent }) => textContent);
    expect(texts(first)).toEqual(['key 1', '1', '9', '2', '1', '2 kept, 1 reversed, 0 tied']);
    expect(texts(third)).toEqual(['key 3', '3', '7', '=7.5', '0', '2 kept, 0 reversed, 1 tied']);
  });
});

describe('most of a line’s pairs', () => {
  it('is the worse where two are as many', () => {
    expect(mostOf({ concordant: 2, discordant: 2, tied: 2 })).toBe('discordant');
    expect(mostOf({ concordant: 3, discordant: 1, tied: 3 })).toBe('tied');
    expect(mostOf({ concordant: 3, discordant: 2, tied: 2 })).toBe('concordant');
    expect(mostOf({ concordant: 0, discordant: 0, tied: 0 })).toBe('concordant');
  });
});
