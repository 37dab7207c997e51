/** How a request is named, and the state of an analysis before it was asked for. */
import type { AnalysisState } from '@/state/app-state';

export const NOT_ASKED: AnalysisState<never> = {
  result: null,
  stale: false,
  asked: null,
  running: false,
  progress: null,
  error: null,
};

/** Names a request by its value: equal ones have the same name, however they were made. */
export function requestKey(id: string, request: unknown): string {
  return `${id} ${stableJson(request)}`;
}

/** JSON with the fields of every object in the order of their names. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
