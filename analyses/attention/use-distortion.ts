import { memberOf, type MemberId } from '@/models/families/family';
import { DISTORTION, type Distortion } from '@/analyses/attention/protocol';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState, useResults } from '@/state/use-app-state';

export interface DistortionView {
  /** Of the layers that are finished. */
  readonly distortion: Distortion | null;
  /** The first layer that is still to come; `null` when all are here. */
  readonly pendingFrom: number | null;
  /** There is no teacher to compare with. */
  readonly isAlone: boolean;
  /** Of an earlier picture. */
  readonly stale: boolean;
  /** Why something is missing, in a sentence; `null` where nothing is. */
  readonly status: string | null;
}

const ALONE =
  'This model came without its full-precision teacher, so there is nothing to compare it with. Constant rows need no teacher.';

/** One student's distances from the teacher, layer by layer as they come. */
export function useDistortion(studentId: MemberId): DistortionView {
  const hasTeacher = useAppState((state) => memberOf(state.family, 'teacher') !== null);
  // The picture itself goes first.
  const isReady = useResults((state) => state.results.current?.logits[studentId] !== undefined);
  const view = useAnalysis(DISTORTION, isReady ? { studentId } : null);
  const partial = view.progress?.partial ?? null;
  const distortion = partial ?? view.result;
  const isPending = view.running && (partial !== null || view.result === null);
  return {
    distortion,
    pendingFrom: isPending || !isReady ? (distortion?.constantRowShare.length ?? 0) : null,
    isAlone: !hasTeacher,
    stale: partial === null && view.stale,
    status: view.error ?? (hasTeacher ? null : ALONE),
  };
}
