/**
 * The live view's loop: the newest picture goes through the model as soon as the one before is drawn; what comes in between is
 * passed over. Everything that reaches outside comes in through the options, so that a test brings its own.
 */
import type { LiveInput } from '@/lib/images/live-input';
import { LiveWindow, type LiveStatistics, type StageMs } from '@/state/live-window';
import { toEngineError } from '@/engine/engine-error';
import type { LiveFrame, LiveRequest } from '@/engine/protocol';

/** Where pictures come from. */
export interface LiveSource {
  /** Another value for every new picture; `null` while there is none. */
  readonly pictureAt: (nowMs: number) => number | null;
  /**
   * The newest picture: written into `pixels` by the source itself, or as RGBA of a square for `LiveInput`.
   *
   * @param pixels [channels, size, size], 0..1
   */
  readonly capture: (nowMs: number, pixels: Float32Array) => Uint8ClampedArray | null;
}

/** What a frame is asked, as it is when the frame goes. */
export type LiveQuestion = Omit<LiveRequest, 'pixels'>;

export interface LiveReport {
  readonly statistics: LiveStatistics;
  /** The last one that was drawn; its pixels are on their way again. */
  readonly frame: Omit<LiveFrame, 'pixels'>;
  readonly question: LiveQuestion;
}

export interface LiveLoopOptions {
  readonly source: LiveSource;
  /** How RGBA becomes the model's input. */
  readonly input: Pick<LiveInput, 'convert'>;
  /** channels * size * size. */
  readonly pixelCount: number;
  readonly question: () => LiveQuestion;
  readonly send: (request: LiveRequest) => Promise<LiveFrame>;
  /** Every frame. */
  readonly draw: (frame: LiveFrame, question: LiveQuestion) => void;
  /** A few times a second: more than a reader of numbers can follow would only make work. */
  readonly report: (report: LiveReport) => void;
  /** A sentence; the loop has ended. */
  readonly fail: (sentence: string) => void;
  readonly now: () => number;
  /** Before the next repaint. @returns cancels */
  readonly nextTick: (callback: () => void) => () => void;
}

const REPORT_MS = 250;
/** A worker that is starting answers later. */
const RETRY_MS = 250;

/** @returns stops it; a frame that is on its way is not drawn any more */
export function startLiveLoop(options: LiveLoopOptions): () => void {
  const { source, input, pixelCount, question, send, draw, report, fail, now, nextTick } = options;
  const frames = new LiveWindow();
  /** Goes to the worker and comes back; a new one only where it was lost with its worker. */
  let pixels: Float32Array<ArrayBuffer> | null = new Float32Array(pixelCount);
  let seen: number | null = null;
  let isTaken = true;
  let notBeforeMs = 0;
  let reportedMs = -Infinity;
  let stopped = false;
  let cancelTick = nextTick(tick);

  function tick(): void {
    if (stopped) return;
    cancelTick = nextTick(tick);
    const nowMs = now();
    const picture = source.pictureAt(nowMs);
    if (picture !== null && picture !== seen) {
      if (!isTaken) frames.skipped(nowMs);
      seen = picture;
      isTaken = false;
    }
    if (isTaken || pixels === null || nowMs < notBeforeMs) return;
    isTaken = true;
    const free = pixels;
    pixels = null;
    void through(free, nowMs);
  }

  async function through(free: Float32Array<ArrayBuffer>, startMs: number): Promise<void> {
    try {
      const raw = source.capture(startMs, free);
      const capturedMs = now();
      if (raw !== null) input.convert(raw, free);
      const preparedMs = now();
      const asked = question();
      const frame = await send({ ...asked, pixels: free });
      if (stopped) return;
      const answeredMs = now();
      draw(frame, asked);
      const drawnMs = now();
      pixels = frame.pixels;
      const before = { capture: capturedMs - startMs, prepare: preparedMs - capturedMs };
      const after = { roundTrip: answeredMs - preparedMs, draw: drawnMs - answeredMs };
      frames.drawn(drawnMs, stagesOf(frame, before, after));
      if (drawnMs - reportedMs < REPORT_MS) return;
      reportedMs = drawnMs;
      report({ statistics: frames.statistics(drawnMs), frame: withoutPixels(frame), question: asked });
    } catch (thrown) {
      if (stopped) return;
      const { kind, sentence } = toEngineError(thrown);
      pixels = new Float32Array(pixelCount);
      if (kind === 'cancelled') {
        notBeforeMs = now() + RETRY_MS;
        return;
      }
      stop();
      fail(sentence);
    }
  }

  function stop(): void {
    stopped = true;
    cancelTick();
  }

  return stop;
}

/** In the order in which they happen. What the worker's own stages leave of the round trip is waiting and crossing. */
function stagesOf(
  { stages: inWorker }: LiveFrame,
  before: { readonly capture: number; readonly prepare: number },
  after: { readonly roundTrip: number; readonly draw: number },
): readonly StageMs[] {
  const normalizeMs = inWorker.find(({ stage }) => stage === 'normalize')?.ms ?? 0;
  const forward = inWorker.filter(({ stage }) => stage !== 'normalize');
  const workedMs = inWorker.reduce((total, { ms }) => total + ms, 0);
  return [
    { stage: 'capture', ms: before.capture },
    { stage: 'prepare', ms: before.prepare + normalizeMs },
    { stage: 'transfer', ms: Math.max(0, after.roundTrip - workedMs) },
    ...forward,
    { stage: 'draw', ms: after.draw },
  ];
}

function withoutPixels({ pixels: _lent, ...frame }: LiveFrame): Omit<LiveFrame, 'pixels'> {
  return frame;
}
