/**
 * Contestants take turns round by round, so that other load on the machine affects all of them alike.
 *
 * Each has the same number of seconds and at least `MIN_TURNS` turns. The reference and the fastest run in every round; slower ones
 * sit out rounds at even intervals.
 */

export const MIN_TURNS = 3;
export const MAX_TURNS = 41;

/** A turn of runs shorter than this starts with an untimed one, because the previous contestant has emptied the caches. */
const SHORT_MS = 60;
/** Long enough for the clock's resolution. */
const TURN_MS = 25;
const WARM_UP_MS = 400;

export interface Runner {
  /** Selects its backend; not timed. */
  readonly before: () => Promise<void>;
  /** One forward, including reading its logits: [B * numClasses]. */
  readonly run: () => Promise<Float32Array>;
}

/** Runs until the optimizing compiler has done its work. @returns the logits, and about how long a run takes */
export async function warmUp(runner: Runner): Promise<{ readonly logits: Float32Array; readonly ms: number }> {
  await runner.before();
  const start = performance.now();
  const logits = await runner.run();
  let best = performance.now() - start;
  while (performance.now() - start < WARM_UP_MS) best = Math.min(best, await timeOf(runner, 1));
  return { logits, ms: best };
}

/**
 * @param estimates milliseconds of a run; the first is the reference
 * @param seconds for each contestant
 * @returns how many turns each one gets; the reference as many as there are rounds
 */
export function planTurns(estimates: readonly number[], seconds: number): readonly number[] {
  const turns = estimates.map((ms) =>
    Math.min(MAX_TURNS, Math.max(MIN_TURNS, Math.floor((seconds * 1000) / turnMs(ms)))),
  );
  const rounds = Math.max(...turns);
  return turns.map((count, i) => (i === 0 ? rounds : count));
}

/** Whether a contestant with `turns` turns runs in this round; it runs in exactly `turns` of them, evenly spread. */
export function takesPart(turns: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

/** @returns milliseconds of a run, by contestant and round; `null` where it sat out */
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
