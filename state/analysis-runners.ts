/** All analyses: a runner for each, made when it is first wanted. */
import type { Analysis } from '@/engine/analysis';
import type { PreparedAnswer } from '@/engine/first-picture';
import { analysisRunner, type AnalysisRunner, type RunnerEnvironment } from '@/state/analysis-runner';
import type { AppActions } from '@/state/app-state';

export interface AnalysisRunners extends Pick<
  AppActions,
  'analyze' | 'cachedAnalysis' | 'cancelAnalysis' | 'retryAnalysis'
> {
  /** Another picture is on screen. */
  readonly pictureChanged: () => void;
  /** Another model or backend: no earlier answer is valid. */
  readonly forget: () => void;
  /** Answers that were prepared at build, for the picture with that key. */
  readonly offerPrepared: (answers: readonly PreparedAnswer[], pixels: string) => void;
  /** There is an engine to ask. */
  readonly resume: () => void;
}

type AnyRunner = AnalysisRunner<unknown, unknown>;

export function analysisRunners(environment: RunnerEnvironment): AnalysisRunners {
  const runners = new Map<string, AnyRunner>();
  /** Of analyses that nobody wanted yet. */
  let prepared: { readonly answers: readonly PreparedAnswer[]; readonly pixels: string } | null = null;

  /** Under an analysis' id stands its own runner. */
  function runnerOf<Request, Result>(analysis: Analysis<Request, Result>): AnalysisRunner<Request, Result> {
    const known = runners.get(analysis.id);
    if (known !== undefined) return known as AnalysisRunner<Request, Result>;
    const runner = analysisRunner(analysis, environment);
    runners.set(analysis.id, runner as AnyRunner);
    offerTo(analysis.id, runner as AnyRunner);
    return runner;
  }

  function offerTo(id: string, runner: AnyRunner): void {
    if (prepared === null) return;
    for (const answer of prepared.answers)
      if (answer.id === id) runner.offer(answer.request, prepared.pixels, answer.result);
  }

  const each = (visit: (runner: AnyRunner) => void): void => runners.forEach(visit);

  return {
    analyze: (analysis, request) => runnerOf(analysis).want(request),
    cachedAnalysis: (analysis, request) => runnerOf(analysis).cached(request),
    cancelAnalysis: (id) => runners.get(id)?.cancel(),
    retryAnalysis: (id) => runners.get(id)?.retry(),
    pictureChanged: () => each((runner) => runner.pictureChanged()),
    forget: () => {
      prepared = null;
      each((runner) => runner.forget());
    },
    offerPrepared: (answers, pixels) => {
      prepared = { answers, pixels };
      runners.forEach((runner, id) => offerTo(id, runner));
    },
    resume: () => each((runner) => runner.resume()),
  };
}
