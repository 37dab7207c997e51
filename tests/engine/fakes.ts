/** A clock that stands still, and workers made of a channel: for tests of the engine's client and of the store. */
import { expose } from 'comlink';
import type { Clock } from '@/engine/heartbeat';
import type { Engine, EngineInfo, Exploration } from '@/engine/protocol';
import { memberIds } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { SpawnedWorker } from '@/engine/spawned-worker';

export class FakeClock implements Clock {
  private nowMs = 0;
  private timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  readonly now = (): number => this.nowMs;

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { dueMs: this.nowMs + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  /** Second by second, as a page lives it; messages arrive in between. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) await this.jump(Math.min(250, left));
  }

  /** All at once, as for a page that slept: timers that are due run before any message. */
  async jump(ms: number): Promise<void> {
    this.nowMs += ms;
    const due = this.timers.filter(({ dueMs }) => dueMs <= this.nowMs);
    this.timers = this.timers.filter(({ dueMs }) => dueMs > this.nowMs);
    for (const { callback } of due) callback();
    await messagesArrive();
  }
}

/** Long enough for a question and its answer to cross a channel. */
export async function messagesArrive(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
}

export const INFO: EngineInfo = {
  backend: 'wasm',
  reason: 'wasm was chosen.',
  memoryBytes: 1000,
  tensors: 10,
  models: ['teacher'],
  kernels: { kind: 'fast', file: 'kernels.wasm' },
};

/** Names the pixels it is of, so that a test can tell answers apart. */
export function explorationOf(pixels: Float32Array): Exploration {
  return { logits: { teacher: Float32Array.from(pixels) }, traces: {}, forwardMs: { teacher: 1 }, paths: {} };
}

export function fakeEngine(overrides: Partial<Engine> = {}): Engine {
  return {
    start: async () => INFO,
    explore: async (_ticket, { pixels }) => explorationOf(pixels),
    analyze: async () => {
      throw new Error('no analyses here');
    },
    cancelAnalysis: async () => {},
    live: async () => {
      throw new Error('no live frames here');
    },
    openFamily: async (_ticket, { familyId }) => ({
      familyId,
      config: DEFAULT_FAMILY.config,
      memberIds: memberIds(DEFAULT_FAMILY),
      report: null,
    }),
    replaceMember: async () => {
      throw new Error('no checkpoints here');
    },
    inspect: async () => {
      throw new Error('no checkpoints here');
    },
    compareGolden: async () => {
      throw new Error('no goldens here');
    },
    cancel: async () => {},
    info: async () => INFO,
    ping: async () => true,
    ...overrides,
  };
}

export interface FakeWorker extends SpawnedWorker {
  /** Stops answering, without a word. */
  readonly silence: () => void;
  readonly reportError: (message: string) => void;
  readonly isTerminated: () => boolean;
}

export function fakeWorker(engine: Engine): FakeWorker {
  const { port1, port2 } = new MessageChannel();
  let listener = (_message: string): void => {};
  let terminated = false;
  expose(engine, port1);
  const close = (): void => {
    port1.close();
    port2.close();
  };
  return {
    endpoint: port2,
    onError: (listen) => {
      listener = listen;
    },
    terminate: () => {
      terminated = true;
      close();
    },
    silence: close,
    reportError: (message) => listener(message),
    isTerminated: () => terminated,
  };
}
