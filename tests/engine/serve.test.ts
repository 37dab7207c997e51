import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { tf } from '@/lib/tf';
import { toEngineError } from '@/engine/engine-error';
import { type Engine, type EngineErrorKind, type Exploration, type Progress } from '@/engine/protocol';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import { tfjsTensors, type Tensors } from '@/engine/tensors';
import { buffersOf, ownCopy } from '@/engine/transfer';
import { CHECKPOINTS, createNodeEngine, familyPictures, fileFetch, startWithFamily } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import type * as traces from '@/models/trace-image';

/** Thrown by the next traces, one each. */
const failures: Error[] = [];
vi.mock('@/models/trace-image', async (original) => {
  const actual = await original<typeof traces>();
  return {
    ...actual,
    traceImage: (...args: Parameters<typeof actual.traceImage>) => {
      const failure = failures.shift();
      return failure === undefined ? actual.traceImage(...args) : Promise.reject(failure);
    },
  };
});

const ignore = (): void => {};
const picture = (seed: number): Float32Array =>
  Float32Array.from({ length: 784 }, (_, i) => ((i * 37 + seed * 101) % 256) / 255);
const everything = (seed: number) => ({ modelIds: MODEL_IDS, pixels: picture(seed) });

async function kindOf(refused: Promise<unknown>): Promise<EngineErrorKind | 'none'> {
  return refused.then(
    () => 'none' as const,
    (thrown: unknown) => toEngineError(thrown).kind,
  );
}

async function checkpointBytes(name: string): Promise<ArrayBuffer> {
  const bytes = await readFile(`${CHECKPOINTS}/${name}.safetensors`);
  return new Uint8Array(bytes).buffer;
}

describe('an engine that is still opening its models', () => {
  it('answers a live frame once they are here', async () => {
    const engine = createNodeEngine();
    await engine.start({ basePath: '', backend: 'wasm' });
    const request = { familyId: DEFAULT_FAMILY.id, weights: 'embedded', trained: null, recipe: null } as const;
    const opening = engine.openFamily(1, request, familyPictures(), ignore);
    const query = { layer: 0, head: 0, query: 3, map: 'softmaxed', path: 'fastest' } as const;
    const frame = await engine.live(900, { modelId: 'bi-vit', pixels: Float32Array.from(picture(1)), ...query });
    expect(frame.attention).toHaveLength(50);
    await opening;
  });
});

describe('the engine on the embedded family', () => {
  const engine = createNodeEngine();
  beforeAll(async () => {
    await startWithFamily(engine, 'wasm');
  });

  it('keeps all five models, and says on what it runs', async () => {
    expect(await engine.info()).toMatchObject({ backend: 'wasm', models: MODEL_IDS });
    expect((await engine.info()).memoryBytes).toBeGreaterThan(800_000);
  });

  it('explores an image: a trace, logits and a time for each model', async () => {
    const seen: Progress[] = [];
    const { traces, logits, forwardMs } = await engine.explore(1, everything(1), (p) => seen.push(p));
    expect(Object.keys(traces)).toEqual([...MODEL_IDS]);
    expect(Object.keys(logits)).toEqual([...MODEL_IDS]);
    for (const id of MODEL_IDS) {
      expect(traces[id]?.layers).toHaveLength(4);
      expect(traces[id]?.layers[0]?.attention).toHaveLength(4 * 50 * 50);
      expect(traces[id]?.layers[0]?.attentionBinary === null).toBe(id === 'teacher');
      expect(forwardMs[id]).toBeGreaterThan(0);
    }
    const done = seen.map((progress) => (progress.kind === 'running' ? progress.done : null));
    expect(done).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives the same answer to the same question', async () => {
    const first = await engine.explore(2, everything(2), ignore);
    const second = await engine.explore(3, everything(2), ignore);
    expect({ ...second, forwardMs: null }).toEqual({ ...first, forwardMs: null });
  });

  it('leaves no tensor behind, however often it is asked', async () => {
    await engine.explore(4, everything(3), ignore);
    const before = tf.memory().numTensors;
    for (let ticket = 5; ticket < 9; ticket++) await engine.explore(ticket, everything(ticket), ignore);
    expect(tf.memory().numTensors).toBe(before);
    expect((await engine.info()).tensors).toBe(before);
  });

  it('lets the newest question win, and leaves no tensor of the others behind', async () => {
    const before = tf.memory().numTensors;
    const outcomes = await Promise.allSettled(
      [10, 11, 12].map((ticket) => engine.explore(ticket, everything(ticket), ignore)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    for (const outcome of outcomes.slice(0, 2)) expect(outcome).toMatchObject({ reason: { kind: 'cancelled' } });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops between two models when it is cancelled', async () => {
    const seen: Progress[] = [];
    const refused = kindOf(
      engine.explore(20, everything(1), (progress) => {
        seen.push(progress);
        if (seen.length === 2) void engine.cancel(20);
      }),
    );
    expect(await refused).toBe('cancelled');
    expect(seen).toHaveLength(2);
  });

  it('refuses pixels that are no picture, by name', async () => {
    for (const pixels of [
      new Float32Array(783),
      new Float32Array(784).fill(Number.NaN),
      new Float32Array(784).fill(2),
    ]) {
      expect(await kindOf(engine.explore(30, { modelIds: MODEL_IDS, pixels }, ignore))).toBe('image');
    }
  });

  it('keeps the traces for the next question: their buffers are copied, not handed over', async () => {
    const exploration = await engine.explore(40, everything(1), ignore);
    expect(buffersOf(exploration)).toEqual([]);
    const copy = ownCopy(exploration);
    expect(floatsIn(copy)).toBeGreaterThan(500_000);
    expect(floatsIn(exploration)).toBe(floatsIn(copy));
  });
});

function floatsIn({ traces }: Exploration): number {
  return Object.values(traces)
    .flatMap((trace) => [trace.logits, ...trace.layers.flatMap((layer) => Object.values(layer))])
    .reduce((sum, array) => sum + (array instanceof Float32Array ? array.length : 0), 0);
}

describe('a visitor’s checkpoint', () => {
  const engine = createNodeEngine();
  beforeAll(async () => {
    await startWithFamily(engine, 'wasm');
  });

  it('takes the place of a student', async () => {
    const before = tf.memory().numTensors;
    const original = await engine.explore(1, everything(1), ignore);
    const loaded = await engine.replaceMember({
      id: 'baseline',
      fileName: 'mine',
      bytes: await checkpointBytes('bi-vit'),
    });
    expect(loaded).toMatchObject({ ignored: [], config: { quantization: 'bi-vit-elastic' } });
    expect(loaded.used).toBeGreaterThan(50);
    // four blocks of 49,152 binary weights and 336 real parameters; 5,130 outside the blocks
    expect(loaded.parameters).toBe(4 * (49_152 + 336) + 5130);
    const { logits } = await engine.explore(2, everything(1), ignore);
    expect(logits.baseline).toEqual(original.logits['bi-vit']);
    expect(tf.memory().numTensors).toBe(before); // what was there before is gone
  });

  const cases: readonly (readonly [string, 'teacher' | 'scaling', () => Promise<ArrayBuffer>])[] = [
    ['nothing at all', 'scaling', async () => new ArrayBuffer(0)],
    ['noise', 'scaling', async () => Uint8Array.from({ length: 4000 }, (_, i) => (i * 131) % 256).buffer],
    ['half a file', 'scaling', async () => (await checkpointBytes('scaling')).slice(0, 30_000)],
    ['a full-precision model in a student’s place', 'scaling', () => checkpointBytes('teacher')],
    ['a binarized model in the teacher’s place', 'teacher', () => checkpointBytes('scaling')],
    ['a model of another shape', 'scaling', () => otherModel('official_bi_deit_micro')],
    ['more than any member of the family has', 'scaling', async () => new ArrayBuffer(65 * 2 ** 20)],
  ];
  it.each(cases)('is refused when it is %s; what was there stays, and no tensor is left', async (_, id, bytes) => {
    const before = tf.memory().numTensors;
    const refused = engine.replaceMember({ id, fileName: 'broken.safetensors', bytes: await bytes() });
    expect(await kindOf(refused)).toBe('checkpoint');
    expect(tf.memory().numTensors).toBe(before);
    expect((await engine.info()).models).toEqual(MODEL_IDS);
  });
});

async function otherModel(name: string): Promise<ArrayBuffer> {
  const bytes = await readFile(new URL(`../golden/${name}.safetensors`, import.meta.url));
  return new Uint8Array(bytes).buffer;
}

describe('an engine at its start', () => {
  const files = fileFetch();
  const start = (engine: Engine): Promise<unknown> => startWithFamily(engine, 'cpu');

  it('says so when the list of models cannot be reached', async () => {
    const engine = createNodeEngine({ fetch: () => Promise.reject(new TypeError('offline')) });
    expect(await kindOf(start(engine))).toBe('network');
  });

  it('says so when a model is missing on the server', async () => {
    const engine = createNodeEngine({
      fetch: async (url) => (url.endsWith('scaling.safetensors') ? new Response(null, { status: 404 }) : files(url)),
    });
    expect(await kindOf(start(engine))).toBe('network');
  });

  it('says so when the list is not one', async () => {
    const engine = createNodeEngine({ fetch: async () => new Response('<!doctype html>') });
    expect(await kindOf(start(engine))).toBe('network');
  });

  it('refuses a model of which one bit differs from the published one', async () => {
    const engine = createNodeEngine({
      fetch: async (url) => {
        const response = await files(url);
        if (!url.endsWith('scaling.safetensors')) return response;
        const bytes = new Uint8Array(await response.arrayBuffer());
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return new Response(bytes);
      },
    });
    const refused = start(engine);
    expect(await kindOf(refused)).toBe('checkpoint');
    await expect(refused).rejects.toThrow(/scaling factor.*SHA-256/);
  });

  it('chooses wasm by itself, and says why', async () => {
    const info = await createNodeEngine().start({ basePath: '', backend: 'auto' });
    expect(info).toMatchObject({ backend: 'wasm', reason: expect.stringMatching(/^WebAssembly is the default/) });
  });

  it('is asked in vain before it was started', async () => {
    expect(await kindOf(createNodeEngine().info())).toBe('internal');
  });
});

describe('a graphics context that is lost', () => {
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

  it('moves the models to wasm, answers all the same, and says what happened', async () => {
    const engine = createNodeEngine({ tensors: losing(3) });
    expect(await startWithFamily(engine, 'webgl')).toMatchObject({ backend: 'webgl' });
    const before = tf.memory().numTensors;
    const { traces } = await engine.explore(1, everything(1), ignore);
    expect(Object.keys(traces)).toEqual([...MODEL_IDS]);
    const info = await engine.info();
    expect(info.backend).toBe('wasm');
    expect(info.reason).toMatch(/webgl.*lost/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('does the same when the backend throws', async () => {
    const engine = createNodeEngine({ tensors: losing(Infinity) });
    await startWithFamily(engine, 'webgl');
    failures.push(new Error('shader'));
    await engine.explore(1, everything(1), ignore);
    expect((await engine.info()).backend).toBe('wasm');
  });

  it('leaves an error on wasm an error', async () => {
    const engine = createNodeEngine();
    await startWithFamily(engine, 'wasm');
    failures.push(new Error('out of memory'));
    expect(await kindOf(engine.explore(1, everything(1), ignore))).toBe('out-of-memory');
  });
});
