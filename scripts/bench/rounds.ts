/**
 * Who runs when: contestants take turns round by round, so that whatever else the machine does meets all of them.
 *
 * Each contestant has so many seconds, and no fewer than `MIN_TURNS` turns. The one that the others are compared with, and the fastest,
 * are in every round; a slower one sits out rounds evenly.
 */

export const MIN_TURNS = 3;
export const MAX_TURNS = 41;

/** Runs shorter than this start a turn with one that is not counted: what ran before has emptied the caches. */
const SHORT_MS = 60;
/** Long enough for the clock. */
const TURN_MS = 25;
const WARM_UP_MS = 400;

export interface Runner {
  /** Not timed: puts its backend in place. */
  readonly before: () => Promise<void>;
  /** One forward, until its logits are read: [B * numClasses]. */
  readonly run: () => Promise<Float32Array>;
}

/** Until the optimizing compiler has been at it. @returns the logits, and about how long a run takes */
export async function warmUp(runner: Runner): Promise<{ readonly logits: Float32Array; readonly ms: number }> {
  await runner.before();
  const start = performance.now();
  const logits = await runner.run();
  let best = performance.now() - start;
  while (performance.now() - start < WARM_UP_MS) best = Math.min(best, await timeOf(runner, 1));
  return { logits, ms: best };
}

/**
 * @param estimates milliseconds of a run; the first is what the others are compared with
 * @param seconds for each
 * @returns how many turns each one gets; the first as many as there are rounds
 */
export function planTurns(estimates: readonly number[], seconds: number): readonly number[] {
  const turns = estimates.map((ms) =>
    Math.min(MAX_TURNS, Math.max(MIN_TURNS, Math.floor((seconds * 1000) / turnMs(ms)))),
  );
  const rounds = Math.max(...turns);
  return turns.map((count, i) => (i === 0 ? rounds : count));
}

/** Whether one with `turns` turns is in this round of `rounds`; it is in exactly `turns` of them, evenly spread. */
export function takesPart(turns: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

/** @returns milliseconds of a run, by contestant and round; `null`: it sat out */
export async function compete(
  runners: readonly Runner[],
  estimates: readonly number[],
  seconds: number,
): Promise<readonly (readonly (number | null)[])[]> {
  const plan = planTurns(estimates, seconds);
  const rounds = Math.max(...plan);
  const times = runners.map((): (number | null)[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, runner] of runners.entries()) {
      const plays = takesPart(plan[i] ?? 0, round, rounds);
      times[i]?.push(plays ? await turn(runner, estimates[i] ?? 0) : null);
    }
  }
  return times;
}

async function turn(runner: Runner, estimate: number): Promise<number> {
  await runner.before();
  if (estimate < SHORT_MS) await runner.run();
  return timeOf(runner, repeatsOf(estimate));
}

function repeatsOf(ms: number): number {
  return Math.max(1, Math.round(TURN_MS / ms));
}

function turnMs(ms: number): number {
  return ms * (repeatsOf(ms) + (ms < SHORT_MS ? 1 : 0));
}

async function timeOf(runner: Runner, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) await runner.run();
  return (performance.now() - start) / repeats;
}
