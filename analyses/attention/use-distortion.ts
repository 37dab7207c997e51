import { selectDistortion } from '@/state/derived';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState, useResults } from '@/state/use-app-state';
import type { Distortion, StudentId } from '@/engine/protocol';

export interface DistortionView {
  /** Of the layers that are through. */
  readonly distortion: Distortion | null;
  /** The first layer that is still to come; `null` when all are here. */
  readonly pendingFrom: number | null;
  /** Nothing can be held against a teacher; what a student is by itself is known. */
  readonly isAlone: boolean;
  /** Of an earlier picture. */
  readonly stale: boolean;
  /** Why there is nothing to come, or not all; `null` where there is. */
  readonly status: string | null;
}

const ALONE =
  'There is nothing to hold this model against: it came without its full-precision teacher. Constant rows need none.';

/** The family's distortion comes with the picture; a backbone's takes seconds, and comes layer by layer. */
export function useDistortion(studentId: StudentId): DistortionView {
  const isFamily = useAppState((state) => state.subject.kind === 'family');
  const hasTeacher = useAppState((state) => state.subject.modelIds.includes('teacher'));
  // The picture itself goes first.
  const isReady = useResults((state) => !state.results.stale && state.results.current?.traces[studentId] !== undefined);
  const own = useResults(selectDistortion(studentId));
  const ownStale = useResults((state) => state.results.stale);
  const wanted = !isFamily && isReady;
  const view = useAnalysis('distortion', wanted ? { studentId } : null);
  if (isFamily) return { distortion: own, pendingFrom: null, isAlone: false, stale: ownStale, status: null };
  const partial = view.progress?.partial ?? null;
  const distortion = view.running ? partial : view.result;
  const layers = distortion?.constantRowShare.length ?? 0;
  return {
    distortion,
    pendingFrom: view.running || !wanted ? layers : null,
    isAlone: !hasTeacher,
    stale: false,
    status: view.error ?? (hasTeacher ? null : ALONE),
  };
}
