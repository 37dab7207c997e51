import { PRECISION_CURVE } from '@/analyses/precision/protocol';
import { GRADIENTS } from '@/analyses/gradient/protocol';
import { RANKING } from '@/analyses/ranking/protocol';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { ANALYSES_KEPT, requestKey } from '@/state/analyses-slice';
import { analysisRunners } from '@/state/analysis-runners';
import { sampleImage } from '@/state/image-slice';
import type { AppState } from '@/state/app-state';
import type { EngineClient } from '@/engine/client';
import { EngineError } from '@/engine/engine-error';
import { makeState } from '../components/fake-app';

/** A question that the engine got, to be answered by the test. */
interface Question {
  readonly kind: AnalysisKind;
  readonly request: unknown;
  readonly grey: number;
  readonly progress: (done: number) => void;
  readonly answer: (result: unknown) => void;
  readonly refuse: (error: EngineError) => void;
}

const picture = (grey: number) => sampleImage({ index: grey, label: grey % 10, bytes: new Uint8Array(784).fill(grey) });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const cancelled = () => new EngineError('cancelled', 'cancelled');

function setUp({ withEngine = true }: { readonly withEngine?: boolean } = {}) {
  const store = createStore<AppState>(() =>
    makeState({ image: { samples: null, photographs: null, current: picture(1) } }),
  );
  const questions: Question[] = [];
  const cancels: AnalysisKind[] = [];
  const engine = {
    analyze: (kind: AnalysisKind, request: unknown, pixels: Float32Array, onProgress: (progress: unknown) => void) =>
      new Promise((resolve, reject) => {
        questions.push({
          kind,
          request,
          grey: Math.round(255 * (pixels[0] ?? NaN)),
          progress: (done) => onProgress({ what: 'half', done, total: 10, partial: null }),
          answer: resolve,
          refuse: reject,
        });
      }),
    cancelAnalysis: (kind: AnalysisKind) => cancels.push(kind),
  } as unknown as EngineClient;
  let present: EngineClient | null = withEngine ? engine : null;
  const all = analysisRunners({ store, engine: () => present });
  return {
    ...all,
    questions,
    cancels,
    last: (): Question => {
      const question = questions.at(-1);
      if (question === undefined) throw new Error('nothing was asked');
      return question;
    },
    state: (kind: AnalysisKind = 'ranking') => store.getState().analyses[kind],
    show: (grey: number) => {
      store.setState(({ image }) => ({ image: { ...image, current: picture(grey) } }));
      all.pictureChanged();
    },
    openEngine: () => {
      present = engine;
      all.resume();
    },
  };
}

describe('an analysis that is wanted', () => {
  it('is asked for with the picture on screen, reports, and comes', async () => {
    const desk = setUp();
    desk.analyze(RANKING, { k: 5 });
    expect(desk.last()).toMatchObject({ kind: 'ranking', request: { k: 5 }, grey: 1 });
    expect(desk.state()).toMatchObject({ running: true, result: null, asked: requestKey('ranking', { k: 5 }) });
    desk.last().progress(3);
    expect(desk.state()?.progress).toMatchObject({ done: 3 });
    desk.last().answer('first');
    await settle();
    expect(desk.state()).toMatchObject({ result: 'first', running: false, stale: false, progress: null, error: null });
  });

  it('is asked once for the same request, whoever wants it, and goes on while one of them does', async () => {
    const desk = setUp();
    const release = [desk.analyze(RANKING, { k: 5 }), desk.analyze(RANKING, { k: 5 })];
    expect(desk.questions).toHaveLength(1);
    release[0]?.();
    release[0]?.();
    expect(desk.cancels).toEqual([]);
    release[1]?.();
    expect(desk.cancels).toEqual(['ranking']);
    expect(desk.state()).toMatchObject({ running: false, asked: null });
  });

  it('knows a request by its value, not by the order of its fields', () => {
    const place = { modelId: 'teacher', layer: 1, head: 2, query: 3, fit: 'official' } as const;
    const { fit, ...others } = place;
    expect(requestKey('binarizers', { fit, ...others })).toBe(requestKey('binarizers', place));
    expect(requestKey('binarizers', { ...place, head: 1 })).not.toBe(requestKey('binarizers', place));
  });

  it('gives way to a newer request; the answer to the older one is not shown', async () => {
    const desk = setUp();
    const release = desk.analyze(RANKING, { k: 5 });
    const older = desk.last();
    release();
    desk.analyze(RANKING, { k: 7 });
    older.answer('old');
    await settle();
    expect(desk.state()).toMatchObject({ result: null, running: true });
    desk.last().answer('new');
    await settle();
    expect(desk.state()).toMatchObject({ result: 'new', running: false });
  });

  it('comes from the cache when it was computed before', async () => {
    const desk = setUp();
    for (const k of [5, 7]) {
      const release = desk.analyze(RANKING, { k });
      desk.last().answer(`k = ${k}`);
      await settle();
      release();
    }
    desk.analyze(RANKING, { k: 5 });
    expect(desk.questions).toHaveLength(2);
    expect(desk.state()).toMatchObject({ result: 'k = 5', stale: false, running: false });
  });

  it('is kept a few times only: the least recently seen answer has to be computed again', async () => {
    const desk = setUp();
    const targets = Array.from({ length: ANALYSES_KEPT.gradients + 1 }, (_, target) => target);
    for (const target of [...targets, 0]) {
      const release = desk.analyze(GRADIENTS, { target });
      desk.last().answer(`class ${target}`);
      await settle();
      release();
    }
    expect(desk.questions.map(({ request }) => request)).toEqual([...targets, 0].map((target) => ({ target })));
  });

  it('says why it failed, and can be tried again', async () => {
    const desk = setUp();
    desk.analyze(RANKING, { k: 5 });
    desk.last().refuse(new EngineError('internal', 'It did not work.'));
    await settle();
    expect(desk.state()).toMatchObject({ error: 'It did not work.', running: false });
    desk.retryAnalysis('ranking');
    expect(desk.state()).toMatchObject({ error: null, running: true });
    desk.last().answer('mended');
    await settle();
    expect(desk.state()).toMatchObject({ result: 'mended', error: null });
  });

  it('is stopped at the visitor’s wish, keeps how far it was, and goes on when asked to', async () => {
    const desk = setUp();
    desk.analyze(PRECISION_CURVE, { settings: [], images: 100 });
    desk.last().progress(4);
    desk.cancelAnalysis('precision-curve');
    desk.last().refuse(cancelled());
    await settle();
    expect(desk.cancels).toEqual(['precision-curve']);
    expect(desk.state('precision-curve')).toMatchObject({ running: false, error: null, progress: { done: 4 } });
    desk.retryAnalysis('precision-curve');
    expect(desk.questions).toHaveLength(2);
    expect(desk.state('precision-curve')).toMatchObject({ running: true, progress: null });
  });

  it('waits for an engine', () => {
    const desk = setUp({ withEngine: false });
    desk.analyze(RANKING, { k: 5 });
    expect(desk.state()).toMatchObject({ running: true });
    expect(desk.questions).toEqual([]);
    desk.openEngine();
    expect(desk.questions).toHaveLength(1);
  });

  it('is asked again by the next engine when its own was closed', async () => {
    const desk = setUp();
    desk.analyze(RANKING, { k: 5 });
    desk.last().refuse(cancelled());
    await settle();
    desk.openEngine();
    expect(desk.questions).toHaveLength(2);
    expect(desk.state()).toMatchObject({ running: true });
  });
});

describe('another picture', () => {
  it('marks the result stale at once, and has what is wanted asked again', async () => {
    const desk = setUp();
    desk.analyze(RANKING, { k: 5 });
    desk.last().answer('of 1');
    await settle();
    desk.show(2);
    expect(desk.state()).toMatchObject({ result: 'of 1', stale: true });
    await settle();
    expect(desk.last().grey).toBe(2);
    desk.last().answer('of 2');
    await settle();
    expect(desk.state()).toMatchObject({ result: 'of 2', stale: false });
    desk.show(1);
    await settle();
    expect(desk.state()).toMatchObject({ result: 'of 1', stale: false });
    expect(desk.questions).toHaveLength(2);
  });

  it('cancels what runs, before anything else is asked', () => {
    const desk = setUp();
    desk.analyze(GRADIENTS, { target: 3 });
    desk.show(2);
    expect(desk.cancels).toEqual(['gradients']);
    expect(desk.questions).toHaveLength(1);
  });

  it('asks once when the request changes with it', async () => {
    const desk = setUp();
    let release = desk.analyze(GRADIENTS, { target: 1 });
    desk.show(2);
    release(); // as the hook does, before the microtasks of the change are over
    release = desk.analyze(GRADIENTS, { target: 2 });
    await settle();
    expect(desk.questions.map(({ grey, request }) => [grey, request])).toEqual([
      [1, { target: 1 }],
      [2, { target: 2 }],
    ]);
    release();
  });

  it('leaves alone what is about the shipped images', async () => {
    const desk = setUp();
    desk.analyze(PRECISION_CURVE, { settings: [], images: 10 });
    desk.show(2);
    await settle();
    expect(desk.questions).toHaveLength(1);
    expect(desk.cancels).toEqual([]);
    desk.last().answer('curve');
    await settle();
    expect(desk.state('precision-curve')).toMatchObject({ result: 'curve', stale: false });
  });

  it('starts nothing that nobody wants, but what is left of it is stale', async () => {
    const desk = setUp();
    const release = desk.analyze(RANKING, { k: 5 });
    desk.last().answer('of 1');
    await settle();
    release();
    desk.show(2);
    await settle();
    expect(desk.questions).toHaveLength(1);
    expect(desk.state()).toMatchObject({ stale: true });
  });
});

describe('another model', () => {
  it('forgets every answer, and has what is wanted asked again although it was on its way', async () => {
    const desk = setUp();
    desk.analyze(RANKING, { k: 5 });
    const before = desk.last();
    desk.forget();
    before.answer('of the old model');
    await settle();
    expect(desk.questions).toHaveLength(2);
    expect(desk.state()).toMatchObject({ result: null, running: true });
    desk.last().answer('of the new model');
    await settle();
    expect(desk.state()).toMatchObject({ result: 'of the new model' });
  });

  it('leaves nothing to show of what nobody wants', async () => {
    const desk = setUp();
    const release = desk.analyze(RANKING, { k: 5 });
    desk.last().answer('old');
    await settle();
    release();
    desk.forget();
    expect(desk.state()).toMatchObject({ result: null });
    desk.analyze(RANKING, { k: 5 });
    expect(desk.questions).toHaveLength(2);
  });
});
