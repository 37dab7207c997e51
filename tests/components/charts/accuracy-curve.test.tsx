// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AccuracyCurve, type AccuracyCurveProps, type CurveLine } from '@/components/charts/accuracy-curve';
import '@/tests/components/fake-app';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const style = { color: 'black', marker: 'circle', dash: null } as const;
const line = (id: string, ...values: (number | null)[]): CurveLine => ({ id, name: `only ${id}`, style, values });

function renderCurve(change: Partial<AccuracyCurveProps> = {}) {
  const onSelect = vi.fn<AccuracyCurveProps['onSelect']>();
  const result = renderInMantine(
    <AccuracyCurve
      label="Accuracy"
      xLabel="bits"
      xTicks={['1', '2', '32']}
      xNames={['1 bit', '2 bits', '32 bits']}
      lines={[line('weights', 0.1, null, 0.9), line('attention', null, 0.5, 0.9)]}
      levels={[
        { id: 'teacher', name: 'Teacher', note: 'same images', style, value: 0.9 },
        { id: 'unknown', name: 'Student', note: 'elsewhere', style, value: null },
      ]}
      marked={[]}
      onSelect={onSelect}
      {...change}
    />,
  );
  return { ...result, onSelect };
}

const names = () => screen.getAllByRole('gridcell').map((cell) => cell.getAttribute('aria-label'));

afterEach(cleanup);

describe('AccuracyCurve', () => {
  it('has a point for each measured width and none for the others', () => {
    renderCurve();
    expect(names()).toEqual([
      'only weights, 1 bit: 10.0\u202f%',
      'only weights, 32 bits: 90.0\u202f%',
      'only attention, 2 bits: 50.0\u202f%',
      'only attention, 32 bits: 90.0\u202f%',
    ]);
  });

  it('leaves a gap where a width is missing and joins those that are neighbours', () => {
    const { container } = renderCurve();
    const paths = [...container.querySelectorAll('[data-line] > path:first-child')].map((path) =>
      path.getAttribute('d'),
    );
    expect(paths[0]?.match(/[ML]/g)).toEqual(['M', 'M']);
    expect(paths[1]?.match(/[ML]/g)).toEqual(['M', 'L']);
  });

  it('draws before anything is measured', () => {
    renderCurve({ lines: [line('weights', null, null, null)] });
    expect(screen.queryAllByRole('gridcell')).toEqual([]);
    expect(screen.getByText('n/a')).toBeTruthy(); // the student's level
  });

  it('moves along and between the lines and chooses with Enter or a click', async () => {
    const { onSelect } = renderCurve({ marked: [{ line: 'weights', index: 2 }] });
    const user = userEvent.setup();
    await user.tab();
    await user.tab();
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^only weights, 32/);
    await user.keyboard('{ArrowLeft}{ArrowDown}{Enter}');
    expect(onSelect).toHaveBeenLastCalledWith({ line: 'attention', index: 1 });
    await user.click(screen.getByRole('gridcell', { name: /^only weights, 1/ }));
    expect(onSelect).toHaveBeenLastCalledWith({ line: 'weights', index: 0 });
  });

  it('can be read as a table, n/a where nothing is measured', async () => {
    renderCurve();
    await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getByRole('row', { name: /^2/ }).textContent).toBe('2n/a50.0\u202f%');
    expect(screen.getByRole('row', { name: /^Student/ }).textContent).toContain('n/a');
  });
});
