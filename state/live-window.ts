/** What went on in the live view within the last second: frames, and where their time went. */

/** A stage of a frame and its milliseconds. */
export interface StageMs {
  readonly stage: string;
  readonly ms: number;
}

export interface LiveStatistics {
  /** Frames that were drawn within the last second. */
  readonly framesPerSecond: number;
  /** Pictures that came while a frame was on its way, and were passed over; within the last second. */
  readonly skippedPerSecond: number;
  /** Mean from capturing a picture to the end of drawing it; `null` without frames. */
  readonly frameMs: number | null;
  /** Means over the same frames, in the order in which they happen; they sum to `frameMs`. */
  readonly stages: readonly StageMs[];
}

const WINDOW_MS = 1000;

interface DrawnFrame {
  readonly atMs: number;
  readonly stages: readonly StageMs[];
}

/** Holds a second of frames and no more. */
export class LiveWindow {
  private frames: DrawnFrame[] = [];
  private skips: number[] = [];

  drawn(atMs: number, stages: readonly StageMs[]): void {
    this.frames.push({ atMs, stages });
    this.forget(atMs);
  }

  skipped(atMs: number): void {
    this.skips.push(atMs);
    this.forget(atMs);
  }

  statistics(nowMs: number): LiveStatistics {
    this.forget(nowMs);
    const { frames } = this;
    const sums = new Map<string, number>();
    for (const { stages } of frames) {
      for (const { stage, ms } of stages) sums.set(stage, (sums.get(stage) ?? 0) + ms);
    }
    const stages = Array.from(sums, ([stage, ms]) => ({ stage, ms: ms / frames.length }));
    return {
      framesPerSecond: frames.length,
      skippedPerSecond: this.skips.length,
      frameMs: frames.length === 0 ? null : stages.reduce((total, { ms }) => total + ms, 0),
      stages,
    };
  }

  clear(): void {
    this.frames = [];
    this.skips = [];
  }

  private forget(nowMs: number): void {
    const from = nowMs - WINDOW_MS;
    while ((this.frames[0]?.atMs ?? Infinity) <= from) this.frames.shift();
    while ((this.skips[0] ?? Infinity) <= from) this.skips.shift();
  }
}
