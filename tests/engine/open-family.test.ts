/** A checkpoint as a family in the worker: what is made of it, what it keeps, and what it leaves behind, alone and through the engine. */
import { EngineError } from '@/engine/engine-error';
import { memberIds, type MemberId } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { createRng } from '@/lib/math/rng';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import type { CheckpointFile, FamilyPictures, OpenFamilyRequest, Progress } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import { closeFamily, openFamily, type OpenFamily, type OpenStep } from '@/engine/open-family';
import { normalizePixels, type Preprocessing } from '@/lib/images/preprocessing';
import { binarizeModel } from '@/models/binarize';
import { attentionBlocks, type Model } from '@/models/model';
import { DEFAULT_RECIPE, type BinarizationRecipe } from '@/models/recipe';
import { traceImage } from '@/models/trace-image';
import { createNodeEngine, fileFetch, startWithFamily } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { changedFile, microBytes, type MicroName } from '@/tests/engine/micro-files';

const RECIPE: BinarizationRecipe = { ...DEFAULT_RECIPE, linears: true };
/** Other values for each channel, so that a mix-up shows. */
const PREPROCESSING: Preprocessing = {
  kind: 'photo',
  imageSize: 32,
  channels: 3,
  resize: 32,
  interpolation: 'bicubic',
  source: 'assumed',
  mean: [0.2, 0.5, 0.7],
  std: [0.1, 0.4, 0.9],
};
const PIXELS = 3 * 32 * 32;
const ignore = (): void => {};
const noStep: OpenStep = async () => {};

function picture(seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: PIXELS }, () => rng.uniform());
}

function normalized(pixels: Float32Array): Float32Array {
  const { mean, std } = PREPROCESSING;
  const channels = [0, 1, 2].map((c) =>
    [...pixels.slice(c * 1024, (c + 1) * 1024)].map((value) => (value - (mean[c] ?? NaN)) / (std[c] ?? NaN)),
  );
  return Float32Array.from(channels.flat());
}

const CALIBRATION = [picture(1), picture(2)];

const PICTURES: FamilyPictures = {
  preprocessing: () => Promise.resolve(PREPROCESSING),
  samples: (count) => Promise.resolve(CALIBRATION.slice(0, count).map((pixels) => ({ pixels, label: null }))),
};

function fileNamed(name: MicroName, bytes: Uint8Array<ArrayBuffer> = microBytes(name)): CheckpointFile {
  return { id: name, label: `The ${name}`, bytes: bytes.buffer, numHeads: null };
}

function requestOf(weights: CheckpointFile | null, changes: Partial<OpenFamilyRequest> = {}): OpenFamilyRequest {
  return { familyId: weights?.id ?? 'deit_micro', weights, trained: null, recipe: RECIPE, ...changes };
}

/** Without an engine: nothing is fetched. */
function open(request: OpenFamilyRequest, before: OpenFamily | null = null, step = noStep): Promise<OpenFamily> {
  const fetch = () => Promise.reject(new Error('nothing to fetch'));
  return openFamily({ fetch, basePath: '', step }, request, PICTURES, before);
}

function modelOf(family: OpenFamily, id: MemberId): Model {
  const model = family.models.get(id);
  if (model === undefined) throw new Error(`there is no ${id}`);
  return model;
}

/** Alphas of q, k, v and the attention in every block. */
function alphasOf(model: Model): readonly (readonly number[])[] {
  return attentionBlocks(model.blocks).flatMap(({ quantizers: { qAct, kAct, vAct, attnAct } }) =>
    [qAct, kAct, vAct, attnAct].map((act) => ('alpha' in act ? [...act.alpha.dataSync()] : [])),
  );
}

function isDisposed(model: Model): boolean {
  const states = new Set([...model.parameters.values()].map((tensor) => tensor.isDisposed));
  expect(states.size).toBe(1);
  return states.has(true);
}

async function sentenceOf(refused: Promise<unknown>): Promise<string> {
  return refused.then(
    () => 'not refused',
    (thrown: unknown) => (thrown instanceof CheckpointError ? thrown.message : String(thrown)),
  );
}

beforeAll(async () => {
  setWasmDirectory(WASM_DIRECTORY);
  await selectBackend('wasm');
});

describe('the family that ships with the app', () => {
  const request = { familyId: DEFAULT_FAMILY.id, weights: 'embedded', trained: null, recipe: null } as const;
  const openEmbedded = (step: OpenStep) =>
    openFamily({ fetch: fileFetch(), basePath: '', step }, request, PICTURES, null);

  it('lets messages in before each of its models, and leaves nothing behind when it is cancelled there', async () => {
    const before = tf.memory().numTensors;
    const seen: string[] = [];
    const opened = openEmbedded(async ({ kind, what }) => {
      if (kind !== 'running') return;
      seen.push(what);
      if (seen.length === 3) throw new EngineError('cancelled', 'Nobody waits for it.');
    });
    await expect(opened).rejects.toMatchObject({ kind: 'cancelled' });
    expect(seen).toHaveLength(3);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has all its members', async () => {
    const before = tf.memory().numTensors;
    const family = await openEmbedded(noStep);
    expect([...family.models.keys()]).toEqual(memberIds(DEFAULT_FAMILY));
    closeFamily(family);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the family of a checkpoint', () => {
  it.each(['deit_micro', 'swin_micro'] as const)(
    'of full precision has a teacher and two students made of it: %s',
    async (name) => {
      const before = tf.memory().numTensors;
      const family = await open(requestOf(fileNamed(name)));
      expect(family).toMatchObject({
        config: { architecture: name === 'deit_micro' ? 'deit' : 'swin', imageSize: 32, quantization: 'none' },
        report: { isBinary: false, missing: [] },
      });
      expect([...family.models.keys()]).toEqual(['teacher', 'baseline', 'scaling']);
      const ones = alphasOf(modelOf(family, 'baseline'));
      expect(ones).toHaveLength(4 * attentionBlocks(modelOf(family, 'teacher').blocks).length);
      for (const alphas of ones) expect(new Set(alphas)).toEqual(new Set([1]));
      for (const alphas of alphasOf(modelOf(family, 'scaling'))) expect(alphas).not.toContain(1);
      closeFamily(family);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(['deit_micro', 'swin_micro'] as const)(
    'has its scaling factors fitted to the pictures as its models take them: %s',
    async (name) => {
      const family = await open(requestOf(fileNamed(name)));
      const teacher = modelOf(family, 'teacher');
      const asTaken = await binarizeModel(teacher, RECIPE, CALIBRATION.map(normalized));
      const asStored = await binarizeModel(teacher, RECIPE, CALIBRATION);
      expect(alphasOf(modelOf(family, 'scaling'))).toEqual(alphasOf(asTaken));
      expect(alphasOf(modelOf(family, 'scaling'))).not.toEqual(alphasOf(asStored));
      expect(normalizePixels(picture(3), family.preprocessing)).toEqual(normalized(picture(3)));
      closeFamily(family);
      for (const each of [asTaken, asStored]) each.dispose();
    },
  );

  it('that was trained binarized stands alone, as the student with both cures', async () => {
    const before = tf.memory().numTensors;
    const family = await open(requestOf(fileNamed('official_bi_deit_micro')));
    expect([...family.models.keys()]).toEqual(['bi-vit']);
    expect(family.report?.isBinary).toBe(true);
    expect(modelOf(family, 'bi-vit').config.quantization).toBe('bi-vit');
    closeFamily(family);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes a trained student of its shape beside those that were made', async () => {
    const before = tf.memory().numTensors;
    const trained = fileNamed('official_bi_swin_micro');
    const family = await open(requestOf(fileNamed('swin_micro'), { trained }));
    expect([...family.models.keys()]).toEqual(['teacher', 'baseline', 'scaling', 'bi-vit']);
    expect(modelOf(family, 'bi-vit').config.quantization).toBe('bi-vit');
    expect(family.config.quantization).toBe('none');
    closeFamily(family);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[what: string, file: MicroName, student: MicroName, reasons: RegExp]>([
    ['of another shape', 'deit_micro', 'official_bi_deit_micro', /distillation token true instead of false/],
    [
      'of another architecture',
      'deit_micro',
      'official_bi_swin_micro',
      /architecture swin instead of deit; .*heads 2,4 instead of 2/,
    ],
    ['of full precision', 'swin_micro', 'swin_micro', /it is full precision, and a student is binarized/],
    [
      'beside a student',
      'official_bi_swin_micro',
      'official_bi_swin_micro',
      /the model that is open is a student itself; open its full-precision teacher first/,
    ],
  ])('refuses a student %s, says why, and leaves what was open as it was', async (_, file, student, reasons) => {
    const before = await open(requestOf(fileNamed(file)));
    const tensors = tf.memory().numTensors;
    for (const weights of [null, fileNamed(file)]) {
      const refused = open(requestOf(weights, { trained: fileNamed(student) }), before);
      const sentence = await sentenceOf(refused);
      expect(sentence).toContain(`“The ${student}” does not fit as a student here: `);
      expect(sentence).toMatch(reasons);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    for (const model of before.models.values()) expect(isDisposed(model)).toBe(false);
    closeFamily(before);
  });

  it('keeps its teacher with another recipe, and frees the students of the old one', async () => {
    const before = tf.memory().numTensors;
    const first = await open(requestOf(fileNamed('deit_micro')));
    const whole = tf.memory().numTensors;
    const teacher = modelOf(first, 'teacher');
    const old = [modelOf(first, 'baseline'), modelOf(first, 'scaling')];
    const alphas = alphasOf(modelOf(first, 'scaling'));
    const recipe: BinarizationRecipe = { ...RECIPE, alpha: 'official' };
    const second = await open(requestOf(null, { recipe }), first);
    closeFamily(first, second);
    expect(modelOf(second, 'teacher')).toBe(teacher);
    expect(isDisposed(teacher)).toBe(false);
    expect(old.map(isDisposed)).toEqual([true, true]);
    expect(alphasOf(modelOf(second, 'scaling'))).not.toEqual(alphas);
    expect(tf.memory().numTensors).toBe(whole);
    closeFamily(second);
    expect(isDisposed(teacher)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves nothing behind when it is given up at any step, and nothing of what was open goes', async () => {
    const nothing = tf.memory().numTensors;
    const first = await open(requestOf(fileNamed('swin_micro')));
    const before = tf.memory().numTensors;
    const trained = fileNamed('official_bi_swin_micro');
    let successor: OpenFamily | null = null;
    for (const weights of [fileNamed('swin_micro'), null]) {
      let isDone = false;
      let steps = 0;
      for (let last = 1; !isDone; last++) {
        steps = 0;
        const opening = open(requestOf(weights, { trained }), first, async () => {
          if (++steps === last) throw new Error('given up');
        });
        const family = await opening.catch(() => null);
        isDone = family !== null;
        if (family === null) expect(tf.memory().numTensors).toBe(before);
        else if (weights !== null) closeFamily(family);
        else successor = family;
      }
      expect(steps).toBeGreaterThan(6);
    }
    for (const model of first.models.values()) expect(isDisposed(model)).toBe(false);
    closeFamily(first, successor);
    if (successor !== null) closeFamily(successor);
    expect(tf.memory().numTensors).toBe(nothing);
  });
});

describe('families in the engine', () => {
  const engine = createNodeEngine();
  const openIn = (ticket: number, request: OpenFamilyRequest, onProgress: (progress: Progress) => void = ignore) =>
    engine.openFamily(ticket, request, PICTURES, onProgress);
  let embedded = 0;
  let ticket = 100;
  const backToEmbedded = (): Promise<unknown> => startWithFamily(engine, 'wasm', undefined, ++ticket);
  beforeAll(async () => {
    await startWithFamily(engine);
    embedded = tf.memory().numTensors;
  });

  it('follow one another: a checkpoint, answered with traces of its own, and the embedded one again', async () => {
    const seen: Progress[] = [];
    const opened = await openIn(2, requestOf(fileNamed('swin_micro')), (progress) => seen.push(progress));
    expect(opened).toMatchObject({ familyId: 'swin_micro', memberIds: ['teacher', 'baseline', 'scaling'] });
    expect((await engine.info()).models).toEqual(opened.memberIds);
    expect(new Set(seen.map((progress) => (progress.kind === 'running' ? progress.what : progress.kind)))).toEqual(
      new Set(['reading The swin_micro', 'binarizing, α = 1', 'binarizing, α from the data', 'opening the models']),
    );

    const pixels = picture(7);
    const tensors = tf.memory().numTensors;
    const exploration = await engine.explore(3, { modelIds: MODEL_IDS, pixels }, ignore);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(Object.keys(exploration.traces)).toEqual(opened.memberIds);
    const alone = await open(requestOf(fileNamed('swin_micro')));
    const forward = { gradients: false, lossClass: 'predicted' } as const;
    for (const [id, model] of alone.models)
      expect(exploration.traces[id]).toEqual(await traceImage(model, normalized(pixels), forward));
    expect(exploration.traces.scaling).not.toEqual(exploration.traces.baseline);
    closeFamily(alone);

    await backToEmbedded();
    expect(tf.memory().numTensors).toBe(embedded);
    expect((await engine.info()).models).toEqual(MODEL_IDS);
    const grey = { modelIds: MODEL_IDS, pixels: new Float32Array(784).fill(0.5) };
    expect(Object.keys((await engine.explore(++ticket, grey, ignore)).traces)).toEqual([...MODEL_IDS]);
  });

  it('refuse pictures of another size than their own, in a sentence', async () => {
    await openIn(++ticket, requestOf(fileNamed('deit_micro')));
    for (const length of [784, PIXELS - 1, PIXELS + 1]) {
      const request = { modelIds: MODEL_IDS, pixels: new Float32Array(length) };
      await expect(engine.explore(++ticket, request, ignore)).rejects.toMatchObject({
        kind: 'image',
        sentence: `The models take ${PIXELS} values between 0 and 1; this picture has others. Choose another one.`,
      });
    }
  });

  it('are not read again for another recipe, and their old students go', async () => {
    await openIn(++ticket, requestOf(fileNamed('deit_micro')));
    const whole = tf.memory().numTensors;
    const recipe: BinarizationRecipe = { ...RECIPE, alpha: 'official', layers: { from: 0, to: 0 } };
    const opened = await openIn(++ticket, requestOf(null, { recipe }));
    expect(opened).toMatchObject({ familyId: 'deit_micro', memberIds: ['teacher', 'baseline', 'scaling'] });
    const { traces } = await engine.explore(++ticket, { modelIds: MODEL_IDS, pixels: picture(3) }, ignore);
    expect(traces.scaling?.layers.map(({ attentionBinary }) => attentionBinary !== null)).toEqual([true, false]);
    expect(tf.memory().numTensors).toBeLessThan(whole); // one layer without alphas
    await backToEmbedded();
    expect(tf.memory().numTensors).toBe(embedded);
  });

  it('have to be open before they can have another recipe', async () => {
    const fresh = createNodeEngine();
    await fresh.start({ basePath: '', backend: 'wasm' });
    await expect(fresh.openFamily(1, requestOf(null), PICTURES, ignore)).rejects.toMatchObject({
      kind: 'checkpoint',
      sentence: 'No model is open yet. Choose one on the Models page.',
    });
  });

  it('that cannot be opened leave the one that is open, and no tensor', async () => {
    await openIn(++ticket, requestOf(fileNamed('deit_micro')));
    const before = tf.memory().numTensors;
    const spoilt = changedFile(microBytes('swin_micro'), (tensors) => {
      tensors.set('norm.weight', { dtype: 'F32', shape: [48], data: new Float32Array(48).fill(NaN) });
    });
    const files = [
      fileNamed('swin_micro', spoilt),
      fileNamed('swin_micro', microBytes('swin_micro').slice(0, 5000)),
      fileNamed('deit_micro', new Uint8Array(0)),
    ];
    for (const file of files) {
      await expect(openIn(++ticket, requestOf(file))).rejects.toMatchObject({
        kind: 'checkpoint',
        sentence: expect.stringMatching(/^[A-Z].+\.$/),
      });
    }
    // Pictures that none of its models takes.
    const small = { ...PICTURES, samples: async () => [{ pixels: new Float32Array(784), label: null }] };
    await expect(engine.openFamily(++ticket, requestOf(fileNamed('swin_micro')), small, ignore)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
    expect((await engine.info()).models).toEqual(['teacher', 'baseline', 'scaling']);
    const { traces } = await engine.explore(++ticket, { modelIds: MODEL_IDS, pixels: picture(3) }, ignore);
    expect(traces.teacher?.config.architecture).toBe('deit');
    await backToEmbedded();
    expect(tf.memory().numTensors).toBe(embedded);
  });

  it('give way to a cancellation at every step, and to a newer one, without leaving a tensor', async () => {
    let isOpened = false;
    for (let last = 1; !isOpened; last++) {
      let steps = 0;
      const mine = ++ticket;
      const opening = openIn(mine, requestOf(fileNamed('deit_micro')), () => {
        if (++steps === last) void engine.cancel(mine);
      });
      const kind = await opening.then(
        () => 'opened',
        (thrown: unknown) => (thrown as { kind: string }).kind,
      );
      isOpened = kind === 'opened';
      expect(kind).toBe(steps < last ? 'opened' : 'cancelled');
      if (!isOpened) expect(tf.memory().numTensors).toBe(embedded);
    }
    await backToEmbedded();
    expect(tf.memory().numTensors).toBe(embedded);

    const [older, newer] = await Promise.allSettled([
      openIn(++ticket, requestOf(fileNamed('deit_micro'))),
      openIn(++ticket, requestOf(fileNamed('swin_micro'))),
    ]);
    expect(older).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled' } });
    expect(newer).toMatchObject({ status: 'fulfilled', value: { familyId: 'swin_micro' } });
    await backToEmbedded();
    expect(tf.memory().numTensors).toBe(embedded);
  });
});
