// @vitest-environment jsdom
import type { ResultOf } from '@/engine/analysis';
import { RANKING, type RankingStudy } from '@/analyses/ranking/protocol';
import { act, render } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { requestKey } from '@/state/analyses-slice';
import type { AppStore } from '@/state/app-store';
import type { AnalysesState, AppActions } from '@/state/app-state';
import { useAnalysis, type AnalysisView } from '@/state/use-analysis';
import { AppStoreContext } from '@/state/use-app-state';
import { makeState } from '../components/fake-app';

const STUDY: RankingStudy = { students: {}, teacherTieShare: [] };

function setUp() {
  const store = createStore(() => makeState());
  const release = vi.fn<() => void>();
  const analyze = vi.fn<AppActions['analyze']>(() => release);
  const cancelAnalysis = vi.fn<AppActions['cancelAnalysis']>();
  const retryAnalysis = vi.fn<AppActions['retryAnalysis']>();
  const cachedAnalysis = vi.fn<AppActions['cachedAnalysis']>(() => null);
  const actions = { analyze, cachedAnalysis, cancelAnalysis, retryAnalysis } as unknown as AppActions;
  const app: AppStore = { store, actions, start: () => () => {} };
  const views: AnalysisView<ResultOf<typeof RANKING>>[] = [];
  function Probe({ k }: { readonly k: number | null }) {
    views.push(useAnalysis(RANKING, k === null ? null : { k }));
    return null;
  }
  const element = (k: number | null) => (
    <AppStoreContext value={app}>
      <Probe k={k} />
    </AppStoreContext>
  );
  const { rerender, unmount } = render(element(5));
  return {
    analyze,
    cachedAnalysis,
    release,
    cancelAnalysis,
    retryAnalysis,
    unmount,
    ask: (k: number | null) => rerender(element(k)),
    view: (): AnalysisView<ResultOf<typeof RANKING>> => {
      const last = views.at(-1);
      if (last === undefined) throw new Error('nothing was drawn');
      return last;
    },
    answer: (k: number, change: Partial<NonNullable<AnalysesState[string]>>) =>
      act(() =>
        store.setState({
          analyses: {
            ranking: {
              result: null,
              stale: false,
              asked: requestKey('ranking', { k }),
              running: false,
              progress: null,
              error: null,
              ...change,
            },
          },
        }),
      ),
  };
}

describe('an analysis in React', () => {
  it('is wanted while its panel is on screen, and counts as running before anybody has answered', () => {
    const hook = setUp();
    expect(hook.analyze).toHaveBeenCalledExactlyOnceWith(RANKING, { k: 5 });
    expect(hook.view()).toMatchObject({ running: true, result: null, stale: false, error: null });
    hook.unmount();
    expect(hook.release).toHaveBeenCalledOnce();
  });

  it('shows the result itself, not a copy of it', () => {
    const hook = setUp();
    hook.answer(5, { result: STUDY });
    expect(hook.view().result).toBe(STUDY);
    expect(hook.view()).toMatchObject({ running: false, stale: false });
  });

  it('does not ask again for an equal request, and does for another one', () => {
    const hook = setUp();
    hook.ask(5);
    expect(hook.analyze).toHaveBeenCalledOnce();
    hook.answer(5, { result: STUDY });
    hook.ask(7);
    expect(hook.analyze).toHaveBeenLastCalledWith(RANKING, { k: 7 });
    expect(hook.release).toHaveBeenCalledOnce();
    // What is shown is of the other request until the store says otherwise.
    expect(hook.view()).toMatchObject({ result: STUDY, stale: true, running: true });
  });

  it('shows at once what was computed for another request before', () => {
    const hook = setUp();
    const other: RankingStudy = { students: {}, teacherTieShare: [] };
    hook.answer(5, { result: STUDY });
    hook.cachedAnalysis.mockImplementation((_analysis, request) =>
      requestKey('ranking', request) === requestKey('ranking', { k: 7 }) ? (other as never) : null,
    );
    hook.ask(7);
    expect(hook.view().result).toBe(other);
    expect(hook.view()).toMatchObject({ stale: false, running: false });
  });

  it('does not show the failure of another request', () => {
    const hook = setUp();
    hook.answer(5, { error: 'It did not work.' });
    expect(hook.view()).toMatchObject({ error: 'It did not work.', running: false });
    hook.ask(7);
    expect(hook.view()).toMatchObject({ error: null, running: true });
  });

  it('wants nothing with null', () => {
    const hook = setUp();
    hook.answer(5, { result: STUDY });
    hook.ask(null);
    expect(hook.release).toHaveBeenCalledOnce();
    expect(hook.view()).toMatchObject({ result: null, running: false, stale: false });
  });

  it('can be stopped and tried again', () => {
    const hook = setUp();
    hook.view().cancel();
    hook.view().retry();
    expect(hook.cancelAnalysis).toHaveBeenCalledExactlyOnceWith('ranking');
    expect(hook.retryAnalysis).toHaveBeenCalledExactlyOnceWith('ranking');
  });
});
