/** The analyses of the tabs: how a question is named, and how many answers are kept. */
import type { AnalysisState } from '@/state/app-state';
import type { AnalysisKind, AnalysisRequest } from '@/engine/analysis';

/** How many answers of a kind are kept. A gradient study is about 7 MB, a picture at some precision 0.3 MB, the others small. */
export const ANALYSES_KEPT: { readonly [Kind in AnalysisKind]: number } = {
  distortion: 12,
  gradients: 3,
  ranking: 12,
  binarizers: 24,
  'binarizer-means': 12,
  quantizers: 12,
  rollout: 8,
  repair: 12,
  precision: 8,
  'precision-curve': 12,
  speed: 6,
};

/** Of every kind, before it was asked for. */
export const NOT_ASKED: AnalysisState<never> = {
  result: null,
  stale: false,
  asked: null,
  running: false,
  progress: null,
  error: null,
};

/** Names a request by its value: equal ones have the same name, however they were made. */
export function requestKey<Kind extends AnalysisKind>(kind: Kind, request: AnalysisRequest<Kind>): string {
  return `${kind} ${stableJson(request)}`;
}

/** JSON with the fields of every object in the order of their names. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
