// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ColorLegend } from '@/components/charts/color-legend';
import { CropPicker } from '@/components/charts/crop-picker';
import { ProbabilityBars } from '@/components/charts/probability-bars';
import { TokenPicker } from '@/components/charts/token-picker';
import { TwoByTwo } from '@/components/charts/two-by-two';
import { squareGeometry } from '@/lib/viz/patch-geometry';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

describe('TwoByTwo', () => {
  const cells = [
    { id: 'baseline', name: 'baseline', switches: { scaling: false, ranking: false }, accuracy: 0.203 },
    { id: 'scaling', name: '+ scaling', switches: { scaling: true, ranking: false }, accuracy: 0.777 },
    { id: 'ranking', name: '+ ranking', switches: { scaling: false, ranking: true }, accuracy: null },
    { id: 'bi-vit', name: 'Bi-ViT', switches: { scaling: true, ranking: true }, accuracy: 0.7615 },
  ];

  function Control({ onSelect }: { readonly onSelect?: (switches: object) => void }) {
    const [selected, setSelected] = useState({ scaling: false, ranking: false });
    return (
      <TwoByTwo
        label="Student"
        cells={cells}
        selected={selected}
        onSelect={(switches) => {
          setSelected(switches);
          onSelect?.(switches);
        }}
      />
    );
  }

  it('is a group of radio buttons that say their accuracy, n/a where there is none', () => {
    renderInMantine(<Control />);
    const group = within(screen.getByRole('radiogroup', { name: 'Student' }));
    expect(group.getAllByRole('radio')).toHaveLength(4);
    expect(group.getByRole('radio', { name: '+ scaling: 77.70 percent' })).toBeDefined();
    expect(group.getByRole('radio', { name: '+ ranking: accuracy not measured' })).toBeDefined();
    expect(screen.getByText('n/a')).toBeDefined();
    expect(screen.queryByText('0.0')).toBeNull();
  });

  it('moves in two dimensions by arrows, as the cells lie', async () => {
    const onSelect = vi.fn();
    renderInMantine(<Control onSelect={onSelect} />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{ArrowRight}');
    expect(onSelect).toHaveBeenLastCalledWith({ scaling: false, ranking: true });
    await user.keyboard('{ArrowDown}');
    expect(onSelect).toHaveBeenLastCalledWith({ scaling: true, ranking: true });
    await user.keyboard('{ArrowDown}');
    expect(onSelect).toHaveBeenCalledTimes(2);
    expect((document.activeElement as HTMLInputElement).value).toBe('bi-vit');
    await user.click(screen.getByRole('radio', { name: /baseline/ }));
    expect(onSelect).toHaveBeenLastCalledWith({ scaling: false, ranking: false });
  });
});

describe('TokenPicker', () => {
  it('chooses as the arrows move, the class token included', async () => {
    const onSelectQuery = vi.fn();
    function Picker() {
      const [query, setQuery] = useState(46);
      return (
        <TokenPicker
          label="Query, on sample 1"
          image={{ width: 2, height: 2, data: [0, 1, 0, 1] }}
          geometry={squareGeometry(50, 1)}
          token={query}
          selectOnMove
          onSelect={(token) => {
            setQuery(token);
            onSelectQuery(token);
          }}
        />
      );
    }
    renderInMantine(<Picker />);
    const user = userEvent.setup();
    await user.tab();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('patch row 7, column 4');
    await user.keyboard('{ArrowDown}{ArrowUp}{ArrowLeft}');
    expect(onSelectQuery.mock.calls.flat()).toEqual([0, 43]);
    await user.click(screen.getByRole('gridcell', { name: 'class token CLS' }));
    expect(onSelectQuery).toHaveBeenLastCalledWith(0);
  });
});

describe('ProbabilityBars', () => {
  const classNames = ['Shirt', 'Bag', 'Coat'];
  const rows = [
    { model: 'teacher', label: 'Teacher', probabilities: [0.2, 0.7, 0.1] },
    { model: 'baseline', label: 'Baseline', probabilities: [0.5, 0.3, 0.2] },
    { model: 'bi-vit', label: 'Bi-ViT', probabilities: null },
  ] as const;
  const bars = (trueClass: number | null) => (
    <ProbabilityBars rows={rows} classNames={classNames} trueClass={trueClass} barClass={1} topCount={2} />
  );

  it('shows the probability of the true class and says right or wrong in words', () => {
    renderInMantine(bars(1));
    const [teacher, baseline, biVit] = screen.getAllByRole('listitem').map(({ textContent }) => textContent ?? '');
    expect(teacher).toContain('70.0\u202f%');
    expect(teacher).toContain('right: Bag');
    expect(baseline).toContain('30.0\u202f%');
    expect(baseline).toContain('wrong: Shirt');
    expect(biVit).toContain('n/a');
    expect(biVit).not.toContain('0.0');
  });

  it('judges nobody where the truth is not known', () => {
    renderInMantine(bars(null));
    expect(screen.queryByText(/right:|wrong:/)).toBeNull();
  });

  it('opens the first classes with a button, not on hover only', async () => {
    renderInMantine(bars(1));
    const button = screen.getByRole('button', { name: 'First 2 classes of Baseline' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await userEvent.setup().click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const list = document.getElementById(button.getAttribute('aria-controls') ?? '');
    const items = within(list ?? document.body).getAllByRole('listitem');
    expect(items.map(({ textContent }) => textContent)).toEqual(['Shirt50.0\u202f%', 'Bag true class30.0\u202f%']);
  });

  it('shows the same numbers as a table', async () => {
    renderInMantine(bars(1));
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    const table = screen.getAllByRole('row').map((row) =>
      within(row)
        .queryAllByRole('cell')
        .map((c) => c.textContent),
    );
    expect(table.slice(1)).toEqual([
      ['20.0\u202f%', '50.0\u202f%', 'n/a'],
      ['70.0\u202f%', '30.0\u202f%', 'n/a'],
      ['10.0\u202f%', '20.0\u202f%', 'n/a'],
    ]);
  });
});

describe('ColorLegend', () => {
  it('names its ends, and says where they are open', () => {
    const scale = { kind: 'sequential', ramp: 'attention', min: 0, max: 0.1 } as const;
    const { rerender, container } = renderInMantine(<ColorLegend scale={scale} label="attention" note="one scale" />);
    expect(container.lastElementChild?.textContent).toBe('attention00.050.1one scale');
    rerender(<ColorLegend scale={scale} label="attention" open />);
    expect(screen.getByText('≥ 0.1')).toBeDefined();
    rerender(<ColorLegend scale={{ kind: 'diverging', max: 0.1 }} label="difference" open />);
    expect(container.lastElementChild?.textContent).toBe('difference≤ −0.10≥ +0.1');
  });
});

describe('CropPicker', () => {
  const photo = { width: 100, height: 60, data: new Uint8ClampedArray(4 * 6000) };

  it('takes numbers, and keeps the square inside the photo', () => {
    const onChange = vi.fn();
    renderInMantine(<CropPicker label="photo" photo={photo} crop={{ x: 10, y: 5, size: 40 }} onChange={onChange} />);
    fireEvent.change(screen.getByLabelText('left'), { target: { value: '99' } });
    expect(onChange).toHaveBeenLastCalledWith({ x: 60, y: 5, size: 40 });
    fireEvent.change(screen.getByLabelText('size'), { target: { value: '60' } });
    expect(onChange).toHaveBeenLastCalledWith({ x: 10, y: 0, size: 60 });
  });
});
