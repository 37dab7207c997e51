/**
 * Notices that a worker is gone: a worker that closes itself says nothing, it only stops answering.
 */

/** What the passage of time is made of; a test brings its own. */
export interface Clock {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** @returns cancels */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export const BROWSER_CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Between an answer and the next question. */
const INTERVAL_MS = 1000;
/** An idle worker answers within a millisecond; this leaves room for a machine under load. */
const IDLE_PATIENCE_MS = 3000;
/** A forward pass answers nothing until it is through, and the slowest backend takes seconds. */
const BUSY_PATIENCE_MS = 10_000;
/** A timer that is this late slept (a frozen tab, a closed laptop), and the answer may lie unread beside it. */
const OVERSLEPT_MS = 1000;

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly ping: () => Promise<unknown>;
  /** Whether the worker has work at the moment. */
  readonly isBusy: () => boolean;
  readonly onSilence: () => void;
}

/** Asks again and again until nobody answers. @returns stops asking */
export function startHeartbeat({ clock, ping, isBusy, onSilence }: HeartbeatOptions): () => void {
  let stopped = false;
  let cancelTimer = (): void => {};

  const ask = (): void => {
    // A question is answered after the work that was there before it, and before the work that comes later.
    const patienceMs = isBusy() ? BUSY_PATIENCE_MS : IDLE_PATIENCE_MS;
    let answered = false;
    ping().then(
      () => {
        answered = true;
        if (stopped) return;
        cancelTimer();
        cancelTimer = clock.after(INTERVAL_MS, ask);
      },
      () => {}, // a broken channel is silence too
    );
    const wait = (ms: number): void => {
      const due = clock.now() + ms;
      cancelTimer = clock.after(ms, () => {
        if (stopped || answered) return;
        if (clock.now() - due > OVERSLEPT_MS) wait(IDLE_PATIENCE_MS);
        else onSilence();
      });
    };
    wait(patienceMs);
  };

  ask();
  return () => {
    stopped = true;
    cancelTimer();
  };
}
