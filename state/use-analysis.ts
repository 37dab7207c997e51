/** An analysis in React: asked for while a panel that shows it is on screen. */
'use client';

import { useDeferredValue, useEffect } from 'react';
import { NOT_ASKED, requestKey } from '@/state/analyses-slice';
import { useAppState, useActions } from '@/state/use-app-state';
import type { Analysis, AnalysisProgress } from '@/engine/analysis';
import type { AnalysisState } from '@/state/app-state';

export interface AnalysisView<Result> {
  /** The newest that is here; while `stale` it is of an earlier picture, request or model. */
  readonly result: Result | null;
  readonly stale: boolean;
  /** Asked for, and neither answered, refused nor stopped. */
  readonly running: boolean;
  /** Of a long one, with what is known already; stays when it is stopped. */
  readonly progress: AnalysisProgress<Result> | null;
  /** A sentence. */
  readonly error: string | null;
  readonly cancel: () => void;
  readonly retry: () => void;
}

/**
 * Runs the analysis while the component is mounted, and again when the request (by value), the picture or a model changes; what
 * was computed before comes from a cache. Components that ask the same share one run; of different requests of one kind the
 * newest wins, so one panel at a time should ask for a kind with a request of its own.
 *
 * Results are drawn in pieces, as those of `useResults`: they may be a moment behind. Never change them.
 *
 * @param request `null`: not wanted now
 */
export function useAnalysis<Request, Result>(
  analysis: Analysis<Request, Result>,
  request: Request | null,
): AnalysisView<Result> {
  const { id } = analysis;
  const { analyze, cachedAnalysis, cancelAnalysis, retryAnalysis } = useActions();
  const newest = useAppState((state) => state.analyses[id] as AnalysisState<Result> | undefined) ?? NOT_ASKED;
  const state = useDeferredValue(newest);
  const key = request === null ? null : requestKey(id, request);
  useEffect(
    () => (request === null ? undefined : analyze(analysis, request)),
    // The key is the request by value.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [analyze, id, key],
  );

  const isWanted = key !== null;
  const isOfThis = isWanted && state.asked === key;
  // A switch back to what was computed before shows it at once, and not a frame later.
  const cached = request === null || isOfThis ? null : cachedAnalysis(analysis, request);
  return {
    result: isWanted ? (cached ?? state.result) : null,
    stale: isWanted && cached === null && state.result !== null && (state.stale || newest.stale || !isOfThis),
    running: isWanted && cached === null && (state.running || !isOfThis),
    progress: isOfThis ? state.progress : null,
    error: isOfThis ? state.error : null,
    cancel: () => cancelAnalysis(id),
    retry: () => retryAnalysis(id),
  };
}
