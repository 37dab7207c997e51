// @vitest-environment jsdom
import type { ResultOf } from '@/engine/analysis';
import type { RANKING } from '@/analyses/ranking/protocol';
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { SelectionBar } from '@/components/shell/selection-bar';
import { ResultTabs } from '@/components/shell/result-tabs';
import { ANALYSIS_TABS, ATTENTION_TAB } from '@/analyses/views';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { ownImage, ownRecord } from '@/state/image-slice';
import { greyImage, greySample } from '@/state/sample-sources';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import type { AnalysisView } from '@/state/use-analysis';
import { renderInApp } from '../fake-app';

afterEach(cleanup);

const SAMPLE = greyImage(greySample({ index: 3, label: 9, bytes: new Uint8Array(784) }, DEFAULT_FAMILY.classNames, 28));
const OWN = await ownImage(
  ownRecord({ width: 28, height: 28, data: new Uint8ClampedArray(3136) }, 'mine.png'),
  DEFAULT_FAMILY.preprocessing,
);
const showing = (current: typeof SAMPLE | typeof OWN) => ({ image: { samples: null, current } });
const TABS = [ATTENTION_TAB, ...ANALYSIS_TABS] as const;

describe('the tabs', () => {
  it('are a list of which one is open and one is a stop of the Tab key', () => {
    renderInApp(<ResultTabs tabs={TABS}>content</ResultTabs>);
    const tabs = screen.getAllByRole('tab');
    expect(tabs.map((tab) => tab.getAttribute('aria-selected'))).toEqual(['true', ...ANALYSIS_TABS.map(() => 'false')]);
    expect(tabs.filter((tab) => tab.tabIndex === 0)).toEqual([tabs[0]]);
    expect(screen.getByRole('tabpanel', { name: /^Attention/ }).textContent).toBe('content');
  });

  it('are chosen by arrows, past either end, and by Home and End', async () => {
    const { actions } = renderInApp(<ResultTabs tabs={TABS}>content</ResultTabs>);
    screen.getAllByRole('tab')[0]?.focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(actions.select).toHaveBeenLastCalledWith({ panel: 'gradient' });
    await userEvent.keyboard('{ArrowLeft}');
    expect(actions.select).toHaveBeenLastCalledWith({ panel: ANALYSIS_TABS.at(-1)?.id });
    await userEvent.keyboard('{Home}');
    expect(actions.select).toHaveBeenLastCalledWith({ panel: 'attention' });
    await userEvent.keyboard('{End}');
    expect(actions.select).toHaveBeenLastCalledWith({ panel: ANALYSIS_TABS.at(-1)?.id });
  });
});

describe('the selection bar', () => {
  it('stands above a tab that depends on layer and head, not above the account of costs', () => {
    const open = (panel: string) =>
      renderInApp(<ResultTabs tabs={TABS}>content</ResultTabs>, { selection: { ...DEFAULT_SELECTION, panel } });
    open('precision');
    expect(screen.queryByRole('region', { name: 'Selection' })).not.toBeNull();
    cleanup();
    open('cost');
    expect(screen.getByRole('tabpanel', { name: /^Cost/ })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Selection' })).toBeNull();
  });

  it('chooses layer, head and CLS', async () => {
    const { actions } = renderInApp(<SelectionBar followsLoss={false} />, showing(SAMPLE));
    await userEvent.click(screen.getByRole('radiogroup', { name: 'Layer' }).querySelectorAll('input')[3] as Element);
    expect(actions.select).toHaveBeenLastCalledWith({ layer: 3 });
    await userEvent.click(screen.getByRole('radiogroup', { name: 'Head' }).querySelectorAll('input')[0] as Element);
    expect(actions.select).toHaveBeenLastCalledWith({ head: 0 });
    await userEvent.click(screen.getByRole('button', { name: 'Make CLS the query' }));
    expect(actions.select).toHaveBeenLastCalledWith({ query: 0 });
  });

  it('asks for the loss only where numbers are of one', () => {
    renderInApp(<SelectionBar followsLoss={false} />, showing(SAMPLE));
    expect(screen.queryByRole('radiogroup', { name: 'Loss of' })).toBeNull();
    cleanup();
    renderInApp(<SelectionBar followsLoss />, showing(SAMPLE));
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'true class' }).checked).toBe(true);
    expect(screen.getByText('Ankle boot')).toBeTruthy();
  });

  it('says why a picture of one’s own has no true class, and does not offer it', () => {
    const selection = { ...DEFAULT_SELECTION, loss: 'true' as const };
    renderInApp(<SelectionBar followsLoss />, { ...showing(OWN), selection });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'true class' }).disabled).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'predicted class' }).checked).toBe(true);
    expect(screen.getByText(/Nobody told the true class/)).toBeTruthy();
  });
});

describe('the frame of an analysis', () => {
  const RESULT = { students: {}, teacherTieShare: [] };
  function frame(change: Partial<AnalysisView<ResultOf<typeof RANKING>>>) {
    const view: AnalysisView<ResultOf<typeof RANKING>> = {
      result: null,
      stale: false,
      running: false,
      progress: null,
      error: null,
      cancel: vi.fn<() => void>(),
      retry: vi.fn<() => void>(),
      ...change,
    };
    const { container } = renderInApp(
      <AnalysisFrame view={view} label="the order" minHeight={300}>
        {(result) => <p>{result === RESULT ? 'whole' : 'part'}</p>}
      </AnalysisFrame>,
    );
    return { view, container };
  }

  it('keeps its room, and says that it computes, before anything is here', () => {
    const { container } = frame({ running: true });
    expect(container.querySelector<HTMLElement>('[aria-busy="true"]')?.style.minHeight).toBe('300px');
    expect(screen.getByRole('status').textContent).toBe('Computing the order.');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows how far it is and what is known, and can be cancelled', async () => {
    const partial = { students: {}, teacherTieShare: [] };
    const { view } = frame({ running: true, progress: { what: 'images', done: 3, total: 12, partial } });
    expect(screen.getByText('images: 3 of 12')).toBeTruthy();
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getByText('part')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel: the order' }));
    expect(view.cancel).toHaveBeenCalledOnce();
  });

  it('says what went wrong, and tries again', async () => {
    const { view } = frame({ error: 'It did not work.' });
    expect(screen.getByRole('alert').textContent).toBe('It did not work.');
    await userEvent.click(screen.getByRole('button', { name: 'Retry: the order' }));
    expect(view.retry).toHaveBeenCalledOnce();
  });

  it('offers to go on where it was stopped', async () => {
    const { view } = frame({ progress: { what: 'images', done: 3, total: 12, partial: null } });
    expect(screen.getByText('Stopped at 3 of 12.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Compute the order' }));
    expect(view.retry).toHaveBeenCalledOnce();
  });

  it('is quiet when all is here', () => {
    frame({ result: RESULT });
    expect(screen.getByText('whole')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
