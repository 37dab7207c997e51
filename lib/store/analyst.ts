/** All kinds of analyses: a desk for each, opened when it is first wanted. */
import { analysisDesk, type AnalysisDesk, type DeskSurroundings } from '@/lib/store/analysis-desk';
import type { LensActions } from '@/lib/store/lens-state';
import type { AnalysisKind } from '@/lib/worker/analysis';

export interface Analyst extends Pick<LensActions, 'analyze' | 'cancelAnalysis' | 'retryAnalysis'> {
  /** Another picture is on screen. */
  readonly pictureChanged: () => void;
  /** Another model or backend came: no earlier answer holds. */
  readonly forget: () => void;
  /** There is an engine to ask. */
  readonly resume: () => void;
}

export function analyst(surroundings: DeskSurroundings): Analyst {
  const desks: { [Kind in AnalysisKind]?: AnalysisDesk<Kind> } = {};

  function deskOf<Kind extends AnalysisKind>(kind: Kind): AnalysisDesk<Kind> {
    const open = desks[kind];
    if (open !== undefined) return open;
    const desk = analysisDesk(kind, surroundings);
    (desks as { [Each in Kind]?: AnalysisDesk<Each> })[kind] = desk;
    return desk;
  }

  const each = (visit: (desk: AnalysisDesk<never>) => void): void => {
    for (const desk of Object.values(desks)) visit(desk);
  };

  return {
    analyze: (kind, request) => deskOf(kind).want(request),
    cancelAnalysis: (kind) => deskOf(kind).cancel(),
    retryAnalysis: (kind) => deskOf(kind).retry(),
    pictureChanged: () => each((desk) => desk.pictureChanged()),
    forget: () => each((desk) => desk.forget()),
    resume: () => each((desk) => desk.resume()),
  };
}
