/** The worker's half of an analysis: what answers its requests. */
import type { Analysis, RequestOf, ResultOf } from '@/engine/analysis';
import type { AnalysisContext } from '@/engine/analysis-context';

/** Answers one request inside the worker. */
export type Compute<A> = (request: RequestOf<A>, context: AnalysisContext<ResultOf<A>>) => Promise<ResultOf<A>>;

/** A compute whose types were checked by `register` and are forgotten, for the list of all of them. */
export interface RegisteredCompute {
  readonly id: string;
  readonly compute: (request: never, context: AnalysisContext<never>) => Promise<unknown>;
}

export function register<Request, Result>(
  { id }: Analysis<Request, Result>,
  compute: (request: Request, context: AnalysisContext<Result>) => Promise<Result>,
): RegisteredCompute {
  return { id, compute: compute as unknown as RegisteredCompute['compute'] };
}
