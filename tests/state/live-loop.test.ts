import { describe, expect, it } from 'vitest';
import { startLiveLoop, type LiveLoopOptions, type LiveReport } from '@/state/live-loop';
import { LiveWindow } from '@/state/live-window';
import { EngineError } from '@/engine/engine-error';
import type { LiveFrame, LiveRequest } from '@/engine/protocol';

const QUESTION = { modelId: 'bi-vit', layer: 0, head: 2, query: 33, map: 'softmaxed', path: 'fastest' } as const;

const answerTo = ({ pixels }: LiveRequest): LiveFrame => ({
  pixels,
  logits: new Float32Array(10),
  attention: new Float32Array(50),
  map: 'softmaxed',
  path: 'packed',
  pathReason: 'Because.',
  kernels: 'kernels',
  stages: [
    { stage: 'normalize', ms: 0.25 },
    { stage: 'embed', ms: 1 },
    { stage: 'classify', ms: 2 },
  ],
  totalMs: 4,
  memoryBytes: 1000,
  tensors: 10,
});

/** A page whose clock and repaints are turned by hand; the worker answers when it is told to. */
function setUp(overrides: Partial<LiveLoopOptions> = {}) {
  let nowMs = 0;
  let picture: number | null = 1;
  let tick = (): void => {};
  const sent: LiveRequest[] = [];
  const answers: { readonly resolve: (frame: LiveFrame) => void; readonly reject: (error: unknown) => void }[] = [];
  const drawn: LiveFrame[] = [];
  const reports: LiveReport[] = [];
  const failures: string[] = [];
  const stop = startLiveLoop({
    input: { convert: () => {} },
    pixelCount: 784,
    source: { pictureAt: () => picture, capture: (_now, pixels) => (pixels.fill(picture ?? 0), null) },
    question: () => QUESTION,
    send: (request) =>
      new Promise((resolve, reject) => {
        sent.push(request);
        answers.push({ resolve, reject });
      }),
    draw: (frame) => drawn.push(frame),
    report: (report) => reports.push(report),
    fail: (sentence) => failures.push(sentence),
    now: () => nowMs,
    nextTick: (callback) => {
      tick = callback;
      return () => (tick = () => {});
    },
    ...overrides,
  });
  return {
    stop,
    sent,
    drawn,
    reports,
    failures,
    /** The next repaint, with that picture. */
    repaint: (ms: number, newest: number | null = picture) => {
      nowMs += ms;
      picture = newest;
      tick();
    },
    answer: async (ms = 5) => {
      nowMs += ms;
      const request = sent.at(-1);
      if (request !== undefined) answers.at(-1)?.resolve(answerTo(request));
      await Promise.resolve().then(() => new Promise((resolve) => setImmediate(resolve)));
    },
    refuse: async (error: unknown) => {
      answers.at(-1)?.reject(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the live loop', () => {
  it('sends one frame at a time, and the newest picture when it is free again', async () => {
    const page = setUp();
    page.repaint(16, 1);
    page.repaint(16, 2);
    page.repaint(16, 3);
    expect(page.sent).toHaveLength(1);
    await page.answer();
    expect(page.drawn).toHaveLength(1);
    page.repaint(16, 4);
    expect(page.sent).toHaveLength(2);
    expect(page.sent[1]?.pixels[0]).toBe(4);
    await page.answer();
    page.repaint(300, 5);
    await page.answer();
    expect(page.reports.at(-1)?.statistics).toMatchObject({ framesPerSecond: 3, skippedPerSecond: 2 });
  });

  it('does not send the same picture twice, and waits where there is none', async () => {
    const page = setUp();
    page.repaint(16, 1);
    await page.answer();
    page.repaint(16, 1);
    page.repaint(16, null);
    expect(page.sent).toHaveLength(1);
    page.repaint(16, 2);
    expect(page.sent).toHaveLength(2);
  });

  it('takes a picture that came while it was busy, if none is newer', async () => {
    const page = setUp();
    page.repaint(16, 1);
    page.repaint(16, 2);
    await page.answer();
    page.repaint(16, 2);
    expect(page.sent).toHaveLength(2);
  });

  it('sends the very buffer that came back', async () => {
    const page = setUp();
    page.repaint(16, 1);
    await page.answer();
    page.repaint(16, 2);
    expect(page.sent[1]?.pixels).toBe(page.sent[0]?.pixels);
  });

  it('accounts for every millisecond from the capture to the drawing', async () => {
    let work = 0;
    const page = setUp({ draw: () => (work += 1) });
    page.repaint(16, 1);
    await page.answer(10);
    const { statistics, question } = page.reports[0] ?? {};
    expect(question).toEqual(QUESTION);
    expect(statistics?.stages).toEqual([
      { stage: 'capture', ms: 0 },
      { stage: 'prepare', ms: 0.25 },
      { stage: 'transfer', ms: 6.75 },
      { stage: 'embed', ms: 1 },
      { stage: 'classify', ms: 2 },
      { stage: 'draw', ms: 0 },
    ]);
    expect(statistics?.frameMs).toBe(10);
    expect(work).toBe(1);
  });

  it('reports a few times a second, however many frames there are', async () => {
    const page = setUp();
    for (let i = 1; i <= 60; i++) {
      page.repaint(10, i);
      await page.answer(6);
    }
    expect(page.drawn).toHaveLength(60);
    expect(page.reports.length).toBeGreaterThan(2);
    expect(page.reports.length).toBeLessThan(6);
  });

  it('draws and sends nothing after it was stopped', async () => {
    const page = setUp();
    page.repaint(16, 1);
    page.stop();
    await page.answer();
    page.repaint(16, 2);
    expect(page.drawn).toHaveLength(0);
    expect(page.sent).toHaveLength(1);
  });

  it('tries again later where the worker is being started', async () => {
    const page = setUp();
    page.repaint(16, 1);
    await page.refuse(new EngineError('cancelled', 'Not yet.'));
    page.repaint(16, 2);
    expect(page.sent).toHaveLength(1);
    page.repaint(300, 3);
    expect(page.sent).toHaveLength(2);
    expect(page.failures).toEqual([]);
  });

  it('ends with a sentence where a frame is refused', async () => {
    const page = setUp();
    page.repaint(16, 1);
    await page.refuse(new EngineError('checkpoint', 'It is not loaded.'));
    expect(page.failures).toEqual(['It is not loaded.']);
    page.repaint(300, 2);
    expect(page.sent).toHaveLength(1);
  });
});

describe('the last second', () => {
  it('forgets what is older, and has no mean without frames', () => {
    const window = new LiveWindow();
    expect(window.statistics(0)).toEqual({ framesPerSecond: 0, skippedPerSecond: 0, frameMs: null, stages: [] });
    for (let atMs = 0; atMs < 5000; atMs += 100) {
      window.drawn(atMs, [{ stage: 'draw', ms: atMs < 3000 ? 9 : 2 }]);
      window.skipped(atMs);
    }
    expect(window.statistics(4900)).toEqual({
      framesPerSecond: 10,
      skippedPerSecond: 10,
      frameMs: 2,
      stages: [{ stage: 'draw', ms: 2 }],
    });
    expect(window.statistics(6000).framesPerSecond).toBe(0);
  });
});
