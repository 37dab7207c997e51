/** All kinds of analyses: a desk for each, opened when it is first wanted. */
import { analysisRunner, type AnalysisRunner, type DeskSurroundings } from '@/state/analysis-runner';
import type { AppActions } from '@/state/app-state';
import type { AnalysisKind } from '@/engine/analysis';

export interface AnalysisRunners extends Pick<AppActions, 'analyze' | 'cancelAnalysis' | 'retryAnalysis'> {
  /** Another picture is on screen. */
  readonly pictureChanged: () => void;
  /** Another model or backend came: no earlier answer holds. */
  readonly forget: () => void;
  /** There is an engine to ask. */
  readonly resume: () => void;
}

export function analysisRunners(environment: DeskSurroundings): AnalysisRunners {
  const desks: { [Kind in AnalysisKind]?: AnalysisRunner<Kind> } = {};

  function deskOf<Kind extends AnalysisKind>(kind: Kind): AnalysisRunner<Kind> {
    const open = desks[kind];
    if (open !== undefined) return open;
    const desk = analysisRunner(kind, environment);
    (desks as { [Each in Kind]?: AnalysisRunner<Each> })[kind] = desk;
    return desk;
  }

  const each = (visit: (desk: AnalysisRunner<never>) => void): void => {
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
