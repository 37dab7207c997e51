/** Explorations of the images seen last, and which of them is shown. */
import type { ResultsState } from '@/state/app-state';
import type { Exploration } from '@/engine/protocol';

export const INITIAL_RESULTS: ResultsState = { current: null, key: null, stale: false, prepared: false };

/** One is about 1.5 MB. */
export const RESULTS_KEPT = 8;

/** One of DeiT-Tiny at 224 px, three models, is about 60 MB. */
export const BACKBONE_RESULTS_KEPT = 2;

/** The least recently used one goes first. */
export class LruCache<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** Counts as a use. */
  get(key: string): Value | null {
    const value = this.entries.get(key);
    if (value === undefined) return null;
    this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value); // a Map keeps the order of insertion: the last is the newest
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit && oldest !== undefined) this.entries.delete(oldest);
  }

  clear(): void {
    this.entries.clear();
  }
}

export function showResult(key: string, current: Exploration, prepared: boolean): ResultsState {
  return { current, key, stale: false, prepared };
}

/** What is shown stays until there is something newer, and says that it is of an earlier image. */
export function markStale(results: ResultsState): ResultsState {
  return results.current === null ? results : { ...results, stale: true };
}
