import { BINARIZER_MEANS } from '@/analyses/binarizers/protocol';
import { RANKING } from '@/analyses/ranking/protocol';
import { GRADIENTS, type GradientStudy } from '@/analyses/gradient/protocol';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readFile } from 'node:fs/promises';
import { tf } from '@/lib/tf';
import type { AnalysisProgress, ResultOf } from '@/engine/analysis';
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Engine, EngineErrorKind, FamilyPictures } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import { tfjsTensors, type Tensors } from '@/engine/tensors';
import { buffersOf } from '@/engine/transfer';
import type * as traces from '@/models/trace-image';
import { CHECKPOINTS, createNodeEngine, familyPictures, startWithFamily } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const ignore = (): void => {};
const picture = (seed: number): Float32Array =>
  Float32Array.from({ length: 784 }, (_, i) => ((i * 37 + seed * 101) % 256) / 255);
const everything = (seed: number) => ({ modelIds: MODEL_IDS, pixels: picture(seed) });
const PREDICTED = { target: 'predicted' } as const;

async function kindOf(refused: Promise<unknown>): Promise<EngineErrorKind | 'none'> {
  return refused.then(
    () => 'none' as const,
    (thrown: unknown) => toEngineError(thrown).kind,
  );
}

function logitsOf({ models }: GradientStudy) {
  return MODEL_IDS.map((id) => models[id]?.trace.logits);
}

let traced = 0;
vi.mock('@/models/trace-image', async (original) => {
  const actual = await original<typeof traces>();
  return {
    ...actual,
    traceImage: (...args: Parameters<typeof actual.traceImage>) => {
      traced++;
      return actual.traceImage(...args);
    },
  };
});

describe('an analysis in the engine', () => {
  const engine = createNodeEngine();
  beforeAll(async () => {
    await startWithFamily(engine, 'wasm');
  });

  it('answers with what the models make of the picture, and says how far it is', async () => {
    const seen: AnalysisProgress<ResultOf<typeof GRADIENTS>>[] = [];
    const study = await engine.analyze(1, GRADIENTS, PREDICTED, picture(1), (progress) => seen.push(progress));
    const { logits } = await engine.explore(2, everything(1), ignore);
    expect(logitsOf(study)).toEqual(MODEL_IDS.map((id) => logits[id]));
    expect(seen.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3, 4].map((done) => [done, 5]));
  });

  it('runs a model once for the same picture and options, and again for others', async () => {
    const ask = async (ticket: number, seed: number, target: number | 'predicted'): Promise<number> => {
      const before = traced;
      await engine.analyze(ticket, GRADIENTS, { target }, picture(seed), ignore);
      return traced - before;
    };
    expect(await ask(10, 2, 3)).toBe(5);
    expect(await ask(11, 2, 3)).toBe(0);
    expect(await ask(12, 2, 4)).toBe(5);
    expect(await ask(13, 3, 4)).toBe(5);
    expect(await ask(14, 2, 3)).toBe(5); // only the picture on screen is remembered
  });

  it('can hand its answer over twice: what it keeps is not emptied', async () => {
    const first = await engine.analyze(20, GRADIENTS, PREDICTED, picture(4), ignore);
    structuredClone(first, { transfer: buffersOf(first) });
    const second = await engine.analyze(21, GRADIENTS, PREDICTED, picture(4), ignore);
    const received = structuredClone(second, { transfer: buffersOf(second) });
    for (const id of MODEL_IDS) {
      const layers = received.models[id]?.trace.layers ?? [];
      expect(layers.map(({ gradScores }) => gradScores?.length)).toEqual([10_000, 10_000, 10_000, 10_000]);
    }
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await engine.analyze(30, GRADIENTS, PREDICTED, picture(5), ignore);
    await engine.analyze(31, RANKING, { k: 5 }, picture(5), ignore);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of a kind gives way to a newer one of that kind, and to no other', async () => {
    const before = traced;
    const kinds = await Promise.all([
      kindOf(engine.analyze(40, GRADIENTS, { target: 1 }, picture(6), ignore)),
      kindOf(engine.analyze(41, GRADIENTS, { target: 2 }, picture(6), ignore)),
      kindOf(engine.analyze(42, RANKING, { k: 5 }, picture(6), ignore)),
      kindOf(engine.analyze(43, GRADIENTS, { target: 3 }, picture(6), ignore)),
    ]);
    expect(kinds).toEqual(['cancelled', 'cancelled', 'none', 'none']);
    expect(traced - before).toBe(10); // those in vain never began
  });

  it('stops between two steps when it is cancelled, while everything else goes on', async () => {
    const seen: unknown[] = [];
    const ranking = kindOf(engine.analyze(50, RANKING, { k: 5 }, picture(7), ignore));
    const gradients = kindOf(
      engine.analyze(51, GRADIENTS, PREDICTED, picture(7), (progress) => {
        seen.push(progress);
        if (seen.length === 2) void engine.cancelAnalysis('gradients', 51);
      }),
    );
    expect(await gradients).toBe('cancelled');
    expect(seen).toHaveLength(2);
    expect(await ranking).toBe('none');
    expect(await kindOf(engine.analyze(52, GRADIENTS, PREDICTED, picture(7), ignore))).toBe('none');
  });

  it('is cancelled with everything else', async () => {
    const refused = kindOf(engine.analyze(60, GRADIENTS, PREDICTED, picture(8), ignore));
    await engine.cancel(60);
    expect(await refused).toBe('cancelled');
  });

  it('lets a picture through between two steps: it is explored before the analysis ends', async () => {
    const order: string[] = [];
    let exploration: Promise<unknown> | null = null;
    const analysis = engine.analyze(70, GRADIENTS, PREDICTED, picture(9), ({ done }) => {
      order.push(`step ${done}`);
      if (done === 1) exploration = engine.explore(71, everything(10), ignore).then(() => order.push('explored'));
    });
    await analysis;
    await exploration;
    expect(order).toEqual(['step 0', 'step 1', 'explored', 'step 2', 'step 3', 'step 4']);
  });

  it('is of the new model when one comes while it runs', async () => {
    const file = await readFile(`${CHECKPOINTS}/bi-vit.safetensors`);
    let isLoaded = false;
    const study = await engine.analyze(80, GRADIENTS, PREDICTED, picture(11), ({ done }) => {
      if (done !== 3 || isLoaded) return;
      isLoaded = true;
      void engine.replaceMember({ id: 'baseline', fileName: 'mine', bytes: new Uint8Array(file).buffer });
    });
    expect(study.models.baseline?.trace.logits).toEqual(study.models['bi-vit']?.trace.logits);
  });

  it('refuses pixels that are no picture', async () => {
    expect(await kindOf(engine.analyze(90, RANKING, { k: 5 }, new Float32Array(5), ignore))).toBe('image');
  });
});

describe('the family’s samples in the engine', () => {
  const means = (engine: Engine, ticket: number) =>
    engine.analyze(
      ticket,
      BINARIZER_MEANS,
      { modelId: 'bi-vit', layer: 0, head: 0, fit: 'official', images: 4 },
      picture(0),
      ignore,
    );

  it('are asked of the page once, when they are first needed; after a failure the next question tries again', async () => {
    const real = familyPictures();
    let asked = 0;
    let isOffline = true;
    const pictures: FamilyPictures = {
      ...real,
      samples: async (count, preprocessing) => {
        asked++;
        if (isOffline) throw new EngineError('network', 'Offline.');
        return real.samples(count, preprocessing);
      },
    };
    const engine = createNodeEngine();
    await engine.start({ basePath: '', backend: 'wasm' });
    const request = { familyId: 'fashion-mnist', weights: 'embedded', trained: null, recipe: null } as const;
    await engine.openFamily(1, request, pictures, ignore);
    expect(asked).toBe(0);
    expect(await kindOf(means(engine, 2))).toBe('network');
    isOffline = false;
    expect((await means(engine, 3)).images).toBe(4);
    expect((await means(engine, 4)).images).toBe(4);
    expect(asked).toBe(2);
  });
});

describe('a graphics context that is lost under an analysis', () => {
  /** Calls itself webgl until it is lost, and then computes on wasm as it always did. */
  function losing(losesAt: number): Tensors {
    const real = tfjsTensors(() => WASM_DIRECTORY);
    let questions = 0;
    let backend = '';
    return {
      ...real,
      selectBackend: async (preference, basePath) => {
        backend = preference;
        const selected = await real.selectBackend('wasm', basePath);
        return preference === 'webgl' ? { backend: 'webgl', reason: 'webgl was chosen.' } : selected;
      },
      isContextLost: () => backend === 'webgl' && ++questions >= losesAt,
    };
  }

  it('costs neither its answer nor that of another one, and moves the models once', async () => {
    const engine = createNodeEngine({ tensors: losing(4) });
    await startWithFamily(engine, 'webgl');
    const before = tf.memory().numTensors;
    const [study, ranking, exploration] = await Promise.all([
      engine.analyze(1, GRADIENTS, PREDICTED, picture(1), ignore),
      engine.analyze(2, RANKING, { k: 5 }, picture(1), ignore),
      engine.explore(3, everything(1), ignore),
    ]);
    expect(logitsOf(study)).toEqual(MODEL_IDS.map((id) => exploration.logits[id]));
    expect(Object.keys(ranking.students)).toHaveLength(4);
    expect(await engine.info()).toMatchObject({ backend: 'wasm', reason: expect.stringMatching(/webgl.*lost/) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
