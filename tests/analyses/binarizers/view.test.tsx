// @vitest-environment jsdom
import { BINARIZERS, BINARIZER_MEANS } from '@/analyses/binarizers/protocol';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import BinarizersTab from '@/analyses/binarizers/view';
import { BINARIZER_IDS } from '@/lib/quantizers/attention/records';
import { requestKey } from '@/state/analyses-slice';
import type { AppState } from '@/state/app-state';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import type { RequestOf } from '@/engine/analysis';
import { allSamples, renderInApp } from '@/tests/components/fake-app';
import { cell, makeComparison, makeMean } from './fixtures';

// user-event walks radio buttons by it.
vi.stubGlobal('CSS', { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') });

afterEach(cleanup);

const { layer, head, query } = DEFAULT_SELECTION;
const ROW: RequestOf<typeof BINARIZERS> = { modelId: 'teacher', layer, head, query, fit: 'official' };
const MEANS: RequestOf<typeof BINARIZER_MEANS> = { modelId: 'teacher', layer, head, fit: 'official', images: 1000 };
const QUIET = { stale: false, running: false, progress: null, error: null };

function here(change: Partial<AppState['analyses']> = {}): Partial<AppState> {
  const comparison = makeComparison({
    elastic: { tauB: 0.9, parameters: [{ symbol: String.raw`\alpha`, value: 0.04 }] },
    decomposition: { tauB: null, values: new Float32Array(50), density: 0 },
  });
  return {
    image: { samples: allSamples(), current: null },
    analyses: { binarizers: { ...QUIET, result: comparison, asked: requestKey('binarizers', ROW) }, ...change },
  };
}

describe('one row through every binarizer', () => {
  it('asks for the teacher’s row first, then for whose and by what it is told', async () => {
    const { actions } = renderInApp(<BinarizersTab />);
    expect(actions.analyze).toHaveBeenLastCalledWith(BINARIZERS, ROW);
    await userEvent.click(screen.getByLabelText('Bi-ViT'));
    await userEvent.click(screen.getByLabelText('α least squares'));
    expect(actions.analyze).toHaveBeenLastCalledWith(BINARIZERS, { ...ROW, modelId: 'bi-vit', fit: 'least-squares' });
  });

  it('shows the real row and a card for each binarizer, the best marked in words, the undefined as n/a', () => {
    renderInApp(<BinarizersTab />, here());
    expect(screen.getByRole('group', { name: 'The real row' })).toBeTruthy();
    const cards = screen.getAllByRole('article');
    expect(cards).toHaveLength(BINARIZER_IDS.length);
    const elastic = screen.getByRole('article', { name: 'Elastic' });
    expect(within(elastic).getByText('best')).toBeTruthy();
    expect(within(elastic).getByText('0.900')).toBeTruthy();
    expect(within(elastic).getByText('official start')).toBeTruthy();
    expect(screen.getAllByText('best')).toHaveLength(1);
    const empty = screen.getByRole('article', { name: 'Quantization decomposition' });
    expect(within(empty).getByText('n/a')).toBeTruthy();
    expect(within(empty).getByText('own scale: 0 to 3')).toBeTruthy();
    expect(screen.getByText(/leaves 25 switched on, Decomposition none/)).toBeTruthy();
  });

  it('reorders the cards, lists the equations, and is a table of all numbers when asked', async () => {
    renderInApp(<BinarizersTab />, here());
    await userEvent.click(within(screen.getByRole('radiogroup', { name: 'Order of the cards' })).getByLabelText('τ-b'));
    const names = screen.getAllByRole('article').map((card) => card.getAttribute('aria-label'));
    expect([names[0], names.at(-1)]).toEqual(['Elastic', 'Quantization decomposition']);
    await userEvent.click(screen.getByRole('button', { name: 'all equations' }));
    expect(screen.getAllByRole('link', { name: /arXiv/ })).toHaveLength(BINARIZER_IDS.length);
    const [whole] = screen.getAllByRole('button', { name: 'View as table' });
    if (whole === undefined) throw new Error('no table');
    await userEvent.click(whole);
    const row = within(screen.getByRole('table')).getByRole('row', { name: /^Elastic/ });
    expect(row.textContent).toContain('0.900 (best)');
    expect(row.textContent).toContain('α = 0.04');
  });
});

describe('the means of a head', () => {
  it('are measured only when asked for', async () => {
    const { actions } = renderInApp(<BinarizersTab />, here());
    const asked = () => actions.analyze.mock.calls.filter(([kind]) => kind === BINARIZER_MEANS);
    expect(asked()).toEqual([]);
    await userEvent.click(screen.getByLabelText('100 images'));
    expect(asked()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Measure on 100 images' }));
    expect(asked()).toEqual([[BINARIZER_MEANS, { ...MEANS, images: 100 }]]);
  });

  it('show what is known while they run, marked as partial, and can be stopped', async () => {
    const partial = { images: 340, means: [makeMean('bool'), makeMean('elastic', { tauB: cell(null, 0) })] };
    const running = {
      ...QUIET,
      result: null,
      asked: requestKey('binarizer-means', MEANS),
      running: true,
      progress: { what: 'images', done: 340, total: 1000, partial },
    };
    const { actions } = renderInApp(<BinarizersTab />, here({ 'binarizer-means': running }));
    await userEvent.click(screen.getByRole('button', { name: 'Measure on 1,000 images' }));
    expect(screen.getByText('partial: 340 of 1,000 images')).toBeTruthy();
    expect(screen.getByText('0 of 5,000 rows')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(actions.cancelAnalysis).toHaveBeenCalledWith(BINARIZER_MEANS.id);
  });

  it('are not called partial when all are seen', async () => {
    const result = { images: 1000, means: [makeMean('bool'), makeMean('elastic', { tauB: cell(0.9) })] };
    const done = { ...QUIET, result, asked: requestKey('binarizer-means', MEANS) };
    renderInApp(<BinarizersTab />, here({ 'binarizer-means': done }));
    await userEvent.click(screen.getByRole('button', { name: 'Measure on 1,000 images' }));
    expect(screen.queryByText(/^partial/)).toBeNull();
    expect(screen.getByText('all 1,000 images measured')).toBeTruthy();
    expect(screen.getByRole('img', { name: /Elastic 0\.900, best/ })).toBeTruthy();
  });
});
