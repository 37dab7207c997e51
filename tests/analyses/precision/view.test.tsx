// @vitest-environment jsdom
import { PRECISION, PRECISION_CURVE } from '@/analyses/precision/protocol';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import PrecisionTab from '@/analyses/precision/view';
import { BINARY_ATTENTION, CURVE_SETTINGS } from '@/analyses/precision/precision-settings';
import type { AppState } from '@/state/app-state';
import { NOT_ASKED, requestKey } from '@/state/analyses-slice';
import { allSamples, makeExploration, makeTrace, renderInApp, showing } from '../../components/fake-app';

const teacher = makeTrace(1, null);
const dialled = makeTrace(2, 0.05);

const here = (change: Partial<AppState['analyses']> = {}): Partial<AppState> => ({
  ...showing(makeExploration({ teacher })),
  image: { samples: allSamples(), current: null },
  analyses: {
    precision: {
      ...NOT_ASKED,
      asked: requestKey('precision', { precision: BINARY_ATTENTION }),
      result: { precision: BINARY_ATTENTION, trace: dialled },
    },
    ...change,
  },
});

const dial = (part: string) => within(screen.getByRole('radiogroup', { name: `Bits of the ${part}` }));

afterEach(cleanup);

describe('the precision tab', () => {
  it('shows the row of the teacher, of the dial, and their difference', () => {
    renderInApp(<PrecisionTab />, here());
    const names = screen.getAllByRole('grid').map((grid) => grid.getAttribute('aria-label') ?? '');
    expect(names[0]).toMatch(/^Teacher: attention/);
    expect(names[1]).toMatch(/^At the dial: quantized attention/);
    expect(names[2]).toMatch(/^Difference/);
    expect(screen.getByRole('row', { name: /^largest change of a logit/ }).textContent).not.toMatch(/n\/a|logit0$/);
  });

  it('asks for each part by itself, and for a preset', async () => {
    const { actions } = renderInApp(<PrecisionTab />, here());
    await userEvent.click(dial('weights').getByRole('radio', { name: '4' }));
    const four = { weights: 4, activations: 32, attention: 1 } as const;
    expect(actions.analyze).toHaveBeenLastCalledWith(PRECISION, { precision: four });
    await userEvent.click(screen.getByRole('button', { name: 'all 1 bit' }));
    const one = { weights: 1, activations: 1, attention: 1 } as const;
    expect(actions.analyze).toHaveBeenLastCalledWith(PRECISION, { precision: one });
    expect(screen.getByRole('button', { name: 'all 1 bit' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('measures nothing until it is asked to, then as many images as asked', async () => {
    const { actions } = renderInApp(<PrecisionTab />, here());
    const asked = () => actions.analyze.mock.calls.filter(([kind]) => kind === PRECISION_CURVE);
    expect(asked()).toEqual([]);
    expect(screen.getByText('not measured yet')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Measure on 100 images' }));
    expect(asked()).toEqual([[PRECISION_CURVE, { settings: CURVE_SETTINGS, images: 100 }]]);
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeTruthy();
  });

  it('draws the points that are there while the rest is measured, and sets the dial where one is clicked', async () => {
    const points = CURVE_SETTINGS.slice(0, 2).map((precision) => ({ precision, share: 0.875, images: 100 }));
    const progress = { what: 'images classified', done: 200, total: 2100, partial: { points, compared: 'labels' } };
    const asked = requestKey('precision-curve', { settings: CURVE_SETTINGS, images: 100 });
    const { actions } = renderInApp(
      <PrecisionTab />,
      here({ 'precision-curve': { ...NOT_ASKED, asked, running: true, progress } }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Measure on 100 images' }));
    expect(screen.getByText('images classified: 200 of 2100')).toBeTruthy();
    // Full precision on all four lines, and weights at 8 bits.
    const measured = screen.getAllByRole('gridcell', { name: /: 87\.5\s%$/ });
    expect(measured).toHaveLength(5);
    await userEvent.click(screen.getByRole('gridcell', { name: /^only weights, 8 bits/ }));
    const eight = { weights: 8, activations: 32, attention: 32 } as const;
    expect(actions.analyze).toHaveBeenLastCalledWith(PRECISION, { precision: eight });
    expect(screen.getByText(/^Ringed, the dial as it stands \(weights 8/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(actions.cancelAnalysis).toHaveBeenCalledWith(PRECISION_CURVE.id);
  });
});
