/** What the status tracker shows, from what the engine goes through. */
import type { EngineState } from '@/state/app-state';
import type { EngineEvent } from '@/engine/client';

export const INITIAL_ENGINE: EngineState = {
  phase: 'cold',
  backend: null,
  reason: null,
  lastRunMs: null,
  memoryBytes: null,
  kernels: null,
  progress: null,
  restarts: 0,
};

export function afterEvent(state: EngineState, event: EngineEvent): EngineState {
  switch (event.kind) {
    case 'loading':
      // A new worker loads, too, but what the user should read is that it is a new one.
      return state.phase === 'restarting' ? state : { ...state, phase: 'loading', progress: null };
    case 'progress':
      return { ...state, progress: event.progress };
    case 'running':
      return { ...state, phase: 'running' };
    case 'ready': {
      const { backend, reason, memoryBytes, kernels } = event.info;
      const lastRunMs = event.runMs ?? state.lastRunMs;
      return { ...state, phase: 'ready', backend, reason, memoryBytes, kernels, lastRunMs, progress: null };
    }
    case 'restarting':
      return { ...state, phase: 'restarting', restarts: state.restarts + 1, progress: null };
    case 'failed':
      return { ...state, phase: 'failed', reason: event.error.sentence, progress: null };
    default:
      return event satisfies never;
  }
}
