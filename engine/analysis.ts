/** What an analysis is to the page and to the worker: a typed id. `analyses/` holds them all; nothing below it names one. */
/** A class index, or 'predicted': the class with the model's own largest logit. */
export type TargetClass = number | 'predicted';

/** One kind of question to the worker, whose request and result are plain data. */
export interface Analysis<Request, Result> {
  readonly id: string;
  /** Whether it looks at the picture on screen; others look at the family's sample pictures, or at none. */
  readonly usesPicture: boolean;
  /** How many answers the page keeps. */
  readonly kept: number;
  /** Its answers hold traces, so of large models only the newest is kept. */
  readonly holdsTraces: boolean;
  /** Never set: carries the two types. */
  readonly types?: (request: Request) => Result;
}

export type RequestOf<A> = A extends Analysis<infer Request, infer _Result> ? Request : never;
export type ResultOf<A> = A extends Analysis<infer _Request, infer Result> ? Result : never;

/** How far a long one is, and what is known already. */
export interface AnalysisProgress<Result> {
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly partial: Result | null;
}

export function defineAnalysis<Request, Result>(
  id: string,
  options: Partial<Pick<Analysis<Request, Result>, 'usesPicture' | 'kept' | 'holdsTraces'>> = {},
): Analysis<Request, Result> {
  return { id, usesPicture: true, kept: 12, holdsTraces: false, ...options };
}
