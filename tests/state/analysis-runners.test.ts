import { PRECISION_CURVE } from '@/analyses/precision/protocol';
import { GRADIENTS } from '@/analyses/gradient/protocol';
import { RANKING } from '@/analyses/ranking/protocol';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { requestKey } from '@/state/analyses-slice';
import { analysisRunners } from '@/state/analysis-runners';
import { greyImage, greySample } from '@/state/sample-sources';
import { pixelsKey } from '@/state/image-slice';
import type { AppState } from '@/state/app-state';
import type { Analysis } from '@/engine/analysis';
import type { EngineClient } from '@/engine/client';
import { EngineError } from '@/engine/engine-error';
import { makeState } from '../components/fake-app';

/** A question that the engine got, to be answered by the test. */
interface Question {
  readonly kind: string;
  readonly request: unknown;
  readonly grey: number;
  readonly progress: (done: number) => void;
  readonly answer: (result: unknown) => void;
  readonly refuse: (error: EngineError) => void;
}

const picture = (grey: number) =>
  greyImage(greySample({ index: grey, label: grey % 10, bytes: new Uint8Array(784).fill(grey) }, [], 28));
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const cancelled = () => new EngineError('cancelled', 'cancelled');

function setUp({ withEngine = true }: { readonly withEngine?: boolean } = {}) {
  const store = createStore<AppState>(() => makeState({ image: { samples: null, current: picture(1) } }));
  const questions: Question[] = [];
  const cancels: string[] = [];
  const engine = {
    analyze: (
      { id: kind }: Analysis<unknown, unknown>,
      request: unknown,
      pixels: Float32Array,
      onProgress: (progress: unknown) => void,
    ) =>
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
    cancelAnalysis: (kind: string) => cancels.push(kind),
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
    state: (kind = 'ranking') => store.getState().analyses[kind],
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
    const runners = setUp();
    runners.analyze(RANKING, { k: 5 });
    expect(runners.last()).toMatchObject({ kind: 'ranking', request: { k: 5 }, grey: 1 });
    expect(runners.state()).toMatchObject({ running: true, result: null, asked: requestKey('ranking', { k: 5 }) });
    runners.last().progress(3);
    expect(runners.state()?.progress).toMatchObject({ done: 3 });
    runners.last().answer('first');
    await settle();
    expect(runners.state()).toMatchObject({
      result: 'first',
      running: false,
      stale: false,
      progress: null,
      error: null,
    });
  });

  it('is asked once for the same request, whoever wants it, and goes on while one of them does', async () => {
    const runners = setUp();
    const release = [runners.analyze(RANKING, { k: 5 }), runners.analyze(RANKING, { k: 5 })];
    expect(runners.questions).toHaveLength(1);
    release[0]?.();
    release[0]?.();
    expect(runners.cancels).toEqual([]);
    release[1]?.();
    expect(runners.cancels).toEqual(['ranking']);
    expect(runners.state()).toMatchObject({ running: false, asked: null });
  });

  it('knows a request by its value, not by the order of its fields', () => {
    const position = { modelId: 'teacher', layer: 1, head: 2, query: 3, fit: 'official' } as const;
    const { fit, ...others } = position;
    expect(requestKey('binarizers', { fit, ...others })).toBe(requestKey('binarizers', position));
    expect(requestKey('binarizers', { ...position, head: 1 })).not.toBe(requestKey('binarizers', position));
  });

  it('gives way to a newer request; the answer to the older one is not shown', async () => {
    const runners = setUp();
    const release = runners.analyze(RANKING, { k: 5 });
    const older = runners.last();
    release();
    runners.analyze(RANKING, { k: 7 });
    older.answer('old');
    await settle();
    expect(runners.state()).toMatchObject({ result: null, running: true });
    runners.last().answer('new');
    await settle();
    expect(runners.state()).toMatchObject({ result: 'new', running: false });
  });

  it('comes from the cache when it was computed before', async () => {
    const runners = setUp();
    for (const k of [5, 7]) {
      const release = runners.analyze(RANKING, { k });
      runners.last().answer(`k = ${k}`);
      await settle();
      release();
    }
    expect(runners.cachedAnalysis(RANKING, { k: 7 })).toBe('k = 7');
    expect(runners.cachedAnalysis(RANKING, { k: 9 })).toBeNull();
    runners.analyze(RANKING, { k: 5 });
    expect(runners.questions).toHaveLength(2);
    expect(runners.state()).toMatchObject({ result: 'k = 5', stale: false, running: false });
  });

  it('is kept a few times only: the least recently seen answer has to be computed again', async () => {
    const runners = setUp();
    const targets = Array.from({ length: GRADIENTS.kept + 1 }, (_, target) => target);
    for (const target of [...targets, 0]) {
      const release = runners.analyze(GRADIENTS, { target });
      runners.last().answer(`class ${target}`);
      await settle();
      release();
    }
    expect(runners.questions.map(({ request }) => request)).toEqual([...targets, 0].map((target) => ({ target })));
  });

  it('says why it failed, and can be tried again', async () => {
    const runners = setUp();
    runners.analyze(RANKING, { k: 5 });
    runners.last().refuse(new EngineError('internal', 'It did not work.'));
    await settle();
    expect(runners.state()).toMatchObject({ error: 'It did not work.', running: false });
    runners.retryAnalysis('ranking');
    expect(runners.state()).toMatchObject({ error: null, running: true });
    runners.last().answer('mended');
    await settle();
    expect(runners.state()).toMatchObject({ result: 'mended', error: null });
  });

  it('is stopped by hand, keeps how far it was, and goes on when asked to', async () => {
    const runners = setUp();
    runners.analyze(PRECISION_CURVE, { settings: [], images: 100 });
    runners.last().progress(4);
    runners.cancelAnalysis('precision-curve');
    runners.last().refuse(cancelled());
    await settle();
    expect(runners.cancels).toEqual(['precision-curve']);
    expect(runners.state('precision-curve')).toMatchObject({ running: false, error: null, progress: { done: 4 } });
    runners.retryAnalysis('precision-curve');
    expect(runners.questions).toHaveLength(2);
    expect(runners.state('precision-curve')).toMatchObject({ running: true, progress: null });
  });

  it('waits for an engine', () => {
    const runners = setUp({ withEngine: false });
    runners.analyze(RANKING, { k: 5 });
    expect(runners.state()).toMatchObject({ running: true });
    expect(runners.questions).toEqual([]);
    runners.openEngine();
    expect(runners.questions).toHaveLength(1);
  });

  it('is asked again by the next engine when its own was closed', async () => {
    const runners = setUp();
    runners.analyze(RANKING, { k: 5 });
    runners.last().refuse(cancelled());
    await settle();
    runners.openEngine();
    expect(runners.questions).toHaveLength(2);
    expect(runners.state()).toMatchObject({ running: true });
  });
});

describe('an answer that was prepared at build', () => {
  const answers = [{ id: 'ranking', request: { k: 5 }, result: 'prepared' }];

  it.each(['before', 'after'])('is shown without asking the engine, when it comes %s it is wanted', (when) => {
    const runners = setUp({ withEngine: false });
    const offer = (): void => runners.offerPrepared(answers, pixelsKey(picture(1)));
    if (when === 'before') offer();
    runners.analyze(RANKING, { k: 5 });
    if (when === 'after') offer();
    runners.openEngine();
    expect(runners.state()).toMatchObject({ result: 'prepared', stale: false, running: false });
    expect(runners.questions).toEqual([]);
  });

  it('is of its own picture and request only, and of its own models', () => {
    const runners = setUp();
    runners.offerPrepared(answers, pixelsKey(picture(1)));
    const release = runners.analyze(RANKING, { k: 7 });
    expect(runners.questions).toHaveLength(1);
    release();
    runners.forget();
    runners.analyze(RANKING, { k: 5 });
    expect(runners.questions).toHaveLength(2);
  });
});

describe('another picture', () => {
  it('marks the result stale at once, and has what is wanted asked again', async () => {
    const runners = setUp();
    runners.analyze(RANKING, { k: 5 });
    runners.last().answer('of 1');
    await settle();
    runners.show(2);
    expect(runners.state()).toMatchObject({ result: 'of 1', stale: true });
    await settle();
    expect(runners.last().grey).toBe(2);
    runners.last().answer('of 2');
    await settle();
    expect(runners.state()).toMatchObject({ result: 'of 2', stale: false });
    runners.show(1);
    await settle();
    expect(runners.state()).toMatchObject({ result: 'of 1', stale: false });
    expect(runners.questions).toHaveLength(2);
  });

  it('cancels what runs, before anything else is asked', () => {
    const runners = setUp();
    runners.analyze(GRADIENTS, { target: 3 });
    runners.show(2);
    expect(runners.cancels).toEqual(['gradients']);
    expect(runners.questions).toHaveLength(1);
  });

  it('asks once when the request changes with it', async () => {
    const runners = setUp();
    let release = runners.analyze(GRADIENTS, { target: 1 });
    runners.show(2);
    release(); // as the hook does, before the microtasks of the change are over
    release = runners.analyze(GRADIENTS, { target: 2 });
    await settle();
    expect(runners.questions.map(({ grey, request }) => [grey, request])).toEqual([
      [1, { target: 1 }],
      [2, { target: 2 }],
    ]);
    release();
  });

  it('leaves alone what is about the family’s samples', async () => {
    const runners = setUp();
    runners.analyze(PRECISION_CURVE, { settings: [], images: 10 });
    runners.show(2);
    await settle();
    expect(runners.questions).toHaveLength(1);
    expect(runners.cancels).toEqual([]);
    runners.last().answer('curve');
    await settle();
    expect(runners.state('precision-curve')).toMatchObject({ result: 'curve', stale: false });
  });

  it('starts nothing that nobody wants, but what is left of it is stale', async () => {
    const runners = setUp();
    const release = runners.analyze(RANKING, { k: 5 });
    runners.last().answer('of 1');
    await settle();
    release();
    runners.show(2);
    await settle();
    expect(runners.questions).toHaveLength(1);
    expect(runners.state()).toMatchObject({ stale: true });
  });
});

describe('another model', () => {
  it('forgets every answer, and has what is wanted asked again although it was on its way', async () => {
    const runners = setUp();
    runners.analyze(RANKING, { k: 5 });
    const before = runners.last();
    runners.forget();
    before.answer('of the old model');
    await settle();
    expect(runners.questions).toHaveLength(2);
    expect(runners.state()).toMatchObject({ result: null, running: true });
    runners.last().answer('of the new model');
    await settle();
    expect(runners.state()).toMatchObject({ result: 'of the new model' });
  });

  it('leaves nothing to show of what nobody wants', async () => {
    const runners = setUp();
    const release = runners.analyze(RANKING, { k: 5 });
    runners.last().answer('old');
    await settle();
    release();
    runners.forget();
    expect(runners.state()).toMatchObject({ result: null });
    runners.analyze(RANKING, { k: 5 });
    expect(runners.questions).toHaveLength(2);
  });
});
