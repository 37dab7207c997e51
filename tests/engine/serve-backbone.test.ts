/** A visitor's backbone in the worker: what is made of it, what it keeps, and what it leaves behind, alone and through the engine. */
import type { MemberId } from '@/models/families/family';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { createRng } from '@/lib/math/rng';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import type { BackboneFile, Normalization, OpenBackboneRequest } from '@/engine/backbone';
import { MODEL_IDS, type Progress } from '@/engine/protocol';
import { Backbone, type BackboneRequest, type OpenStep } from '@/engine/serve-backbone';
import { binarizeModel } from '@/models/binarize';
import type { ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { attentionBlocks, createModel, type Model } from '@/models/model';
import { DEFAULT_RECIPE, type BinarizationRecipe } from '@/models/recipe';
import { traceImage } from '@/models/trace';
import { createNodeEngine } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { changedFile, microBytes, type MicroName } from '@/tests/engine/micro-files';

const PARTS = { configOf, createModel, binarizeModel };
const RECIPE: BinarizationRecipe = { ...DEFAULT_RECIPE, linears: true };
/** Another one for each channel, so that none may be taken for another. */
const NORMALIZATION: Normalization = { mean: [0.2, 0.5, 0.7], std: [0.1, 0.4, 0.9] };
const PIXELS = 3 * 32 * 32;
const ignore = (): void => {};
const noStep: OpenStep = async () => {};

function picture(seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: PIXELS }, () => rng.uniform());
}

function normalized(pixels: Float32Array): Float32Array {
  const { mean, std } = NORMALIZATION;
  const channels = [0, 1, 2].map((c) =>
    [...pixels.slice(c * 1024, (c + 1) * 1024)].map((value) => (value - (mean[c] ?? NaN)) / (std[c] ?? NaN)),
  );
  return Float32Array.from(channels.flat());
}

const CALIBRATION = [picture(1), picture(2)];

function fileNamed(name: MicroName, bytes: Uint8Array<ArrayBuffer> = microBytes(name)): BackboneFile {
  return { id: name, label: `The ${name}`, bytes: bytes.buffer, configJson: null };
}

function requestOf(file: BackboneFile, changes: Partial<OpenBackboneRequest> = {}): BackboneRequest {
  const rest = { student: null, recipe: RECIPE, normalization: NORMALIZATION, numHeads: null };
  return { ...rest, calibration: CALIBRATION, ...changes, file };
}

function modelOf(backbone: Backbone, id: MemberId): Model {
  const model = backbone.get(id);
  if (model === null) throw new Error(`there is no ${id}`);
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

describe('a backbone', () => {
  it.each(['deit_micro', 'swin_micro'] as const)(
    'of full precision is a teacher with two students: %s',
    async (name) => {
      const before = tf.memory().numTensors;
      const backbone = await Backbone.open(PARTS, requestOf(fileNamed(name)), null, noStep);
      expect(backbone.opened).toMatchObject({
        id: name,
        label: `The ${name}`,
        modelIds: ['teacher', 'baseline', 'scaling'],
        config: { architecture: name === 'deit_micro' ? 'deit' : 'swin', imageSize: 32, quantization: 'none' },
        report: { isBinary: false, missing: [] },
      });
      expect(backbone.pixelCount).toBe(PIXELS);
      expect(MODEL_IDS.filter((id) => backbone.get(id) !== null)).toEqual(['teacher', 'baseline', 'scaling']);
      const ones = alphasOf(modelOf(backbone, 'baseline'));
      expect(ones).toHaveLength(4 * attentionBlocks(modelOf(backbone, 'teacher').blocks).length);
      for (const alphas of ones) expect(new Set(alphas)).toEqual(new Set([1]));
      for (const alphas of alphasOf(modelOf(backbone, 'scaling'))) expect(alphas).not.toContain(1);
      backbone.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(['deit_micro', 'swin_micro'] as const)(
    'has its scaling factors fitted to the pictures as its models take them: %s',
    async (name) => {
      const backbone = await Backbone.open(PARTS, requestOf(fileNamed(name)), null, noStep);
      const teacher = modelOf(backbone, 'teacher');
      const asTaken = await binarizeModel(teacher, RECIPE, CALIBRATION.map(normalized));
      const asStored = await binarizeModel(teacher, RECIPE, CALIBRATION);
      expect(alphasOf(modelOf(backbone, 'scaling'))).toEqual(alphasOf(asTaken));
      expect(alphasOf(modelOf(backbone, 'scaling'))).not.toEqual(alphasOf(asStored));
      expect(backbone.normalize(picture(3))).toEqual(normalized(picture(3)));
      for (const each of [backbone, asTaken, asStored]) each.dispose();
    },
  );

  it('that was trained binarized stands alone, as the student with both cures', async () => {
    const before = tf.memory().numTensors;
    const backbone = await Backbone.open(PARTS, requestOf(fileNamed('official_bi_deit_micro')), null, noStep);
    expect(backbone.opened).toMatchObject({ modelIds: ['bi-vit'], report: { isBinary: true } });
    expect(modelOf(backbone, 'bi-vit').config.quantization).toBe('bi-vit');
    backbone.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes a trained student of its shape beside those that were made', async () => {
    const before = tf.memory().numTensors;
    const student = fileNamed('official_bi_swin_micro');
    const backbone = await Backbone.open(PARTS, requestOf(fileNamed('swin_micro'), { student }), null, noStep);
    expect(backbone.ids).toEqual(['teacher', 'baseline', 'scaling', 'bi-vit']);
    expect(modelOf(backbone, 'bi-vit').config.quantization).toBe('bi-vit');
    expect(backbone.opened.config.quantization).toBe('none');
    backbone.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[what: string, file: MicroName, student: MicroName, reasons: string]>([
    ['of another shape', 'deit_micro', 'official_bi_deit_micro', 'class tokens 2 instead of 1'],
    [
      'of another architecture',
      'deit_micro',
      'official_bi_swin_micro',
      'architecture swin instead of deit; patch size 4 instead of 8; heads 2,4 instead of 2; layers 2,2 instead of 2; class tokens 0 instead of 1',
    ],
    ['of full precision', 'swin_micro', 'swin_micro', 'it is full precision, and a student is binarized'],
    [
      'beside a student',
      'official_bi_swin_micro',
      'official_bi_swin_micro',
      'the model that is open is a student itself; open its full-precision teacher first',
    ],
  ])('refuses a student %s, says why, and leaves what was open as it was', async (_, file, student, reasons) => {
    const open = await Backbone.open(PARTS, requestOf(fileNamed(file)), null, noStep);
    const before = tf.memory().numTensors;
    for (const same of [open.request.file, fileNamed(file)]) {
      const refused = Backbone.open(PARTS, requestOf(same, { student: fileNamed(student) }), open, noStep);
      expect(await sentenceOf(refused)).toBe(`“The ${student}” does not fit as a student here: ${reasons}.`);
    }
    expect(tf.memory().numTensors).toBe(before);
    for (const id of open.ids) expect(isDisposed(modelOf(open, id))).toBe(false);
    open.dispose();
  });

  it('with another recipe keeps its teacher, and frees the students of the old one', async () => {
    const before = tf.memory().numTensors;
    const first = await Backbone.open(PARTS, requestOf(fileNamed('deit_micro')), null, noStep);
    const whole = tf.memory().numTensors;
    const teacher = modelOf(first, 'teacher');
    const old = [modelOf(first, 'baseline'), modelOf(first, 'scaling')];
    const alphas = alphasOf(modelOf(first, 'scaling'));
    const recipe: BinarizationRecipe = { ...RECIPE, alpha: 'official' };
    const second = await Backbone.open(PARTS, requestOf(first.request.file, { recipe }), first, noStep);
    first.dispose();
    expect(modelOf(second, 'teacher')).toBe(teacher);
    expect(isDisposed(teacher)).toBe(false);
    expect(old.map(isDisposed)).toEqual([true, true]);
    expect(alphasOf(modelOf(second, 'scaling'))).not.toEqual(alphas);
    expect(tf.memory().numTensors).toBe(whole);
    second.dispose();
    expect(isDisposed(teacher)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves nothing behind, however far it came when it is given up, and nothing of what was open goes', async () => {
    const nothing = tf.memory().numTensors;
    const open = await Backbone.open(PARTS, requestOf(fileNamed('swin_micro')), null, noStep);
    const before = tf.memory().numTensors;
    const student = fileNamed('official_bi_swin_micro');
    let taker: Backbone | null = null;
    for (const file of [fileNamed('swin_micro'), open.request.file]) {
      let isDone = false;
      let steps = 0;
      for (let last = 1; !isDone; last++) {
        steps = 0;
        const opening = Backbone.open(PARTS, requestOf(file, { student }), open, async () => {
          if (++steps === last) throw new Error('given up');
        });
        const backbone = await opening.catch(() => null);
        isDone = backbone !== null;
        if (backbone === null) expect(tf.memory().numTensors).toBe(before);
        else if (file !== open.request.file) backbone.dispose();
        else taker = backbone;
      }
      expect(steps).toBeGreaterThan(6);
    }
    for (const id of open.ids) expect(isDisposed(modelOf(open, id))).toBe(false);
    taker?.dispose();
    open.dispose();
    expect(tf.memory().numTensors).toBe(nothing);
  });
});

describe('a backbone in the engine', () => {
  const made: Model[] = [];
  const engine = createNodeEngine({
    createModel: (config: ModelConfig, tensors) => {
      const model = createModel(config, tensors);
      made.push(model);
      return model;
    },
  });
  let family = 0;
  beforeAll(async () => {
    await engine.start({ basePath: '', backend: 'wasm' }, ignore);
    family = tf.memory().numTensors;
    made.length = 0;
  });

  it('takes the place of the family, answers with traces of its own, and gives the place back', async () => {
    const seen: Progress[] = [];
    const opened = await engine.openBackbone(1, requestOf(fileNamed('swin_micro')), (progress) => seen.push(progress));
    expect(opened).toMatchObject({ id: 'swin_micro', modelIds: ['teacher', 'baseline', 'scaling'] });
    expect((await engine.info()).models).toEqual(opened.modelIds);
    expect(new Set(seen.map((progress) => (progress.kind === 'running' ? progress.what : progress.kind)))).toEqual(
      new Set(['reading The swin_micro', 'binarizing, α = 1', 'binarizing, α from the data', 'opening The swin_micro']),
    );

    const pixels = picture(7);
    const open = tf.memory().numTensors;
    const exploration = await engine.explore(2, { modelIds: MODEL_IDS, pixels }, ignore);
    expect(tf.memory().numTensors).toBe(open);
    expect(Object.keys(exploration.traces)).toEqual(opened.modelIds);
    expect(exploration.distortions).toEqual({});
    const [teacher] = made;
    if (teacher === undefined) throw new Error('nothing was made');
    const recipes = { baseline: { ...RECIPE, alpha: 'one' }, scaling: RECIPE } as const;
    const forward = { gradients: false, lossClass: 'predicted' } as const;
    expect(exploration.traces.teacher).toEqual(await traceImage(teacher, normalized(pixels), forward));
    for (const id of ['baseline', 'scaling'] as const) {
      const student = await binarizeModel(teacher, recipes[id], CALIBRATION.map(normalized));
      expect(exploration.traces[id]).toEqual(await traceImage(student, normalized(pixels), forward));
      student.dispose();
    }
    expect(exploration.traces.scaling).not.toEqual(exploration.traces.baseline);

    await engine.closeBackbone();
    expect(tf.memory().numTensors).toBe(family);
    expect((await engine.info()).models).toEqual(MODEL_IDS);
    const grey = { modelIds: MODEL_IDS, pixels: new Float32Array(784).fill(0.5) };
    expect(Object.keys((await engine.explore(3, grey, ignore)).traces)).toEqual([...MODEL_IDS]);
  });

  it('refuses pictures of another size than its own, in a sentence', async () => {
    await engine.openBackbone(10, requestOf(fileNamed('deit_micro')), ignore);
    for (const length of [784, PIXELS - 1, PIXELS + 1]) {
      const request = { modelIds: MODEL_IDS, pixels: new Float32Array(length) };
      await expect(engine.explore(11, request, ignore)).rejects.toMatchObject({
        kind: 'image',
        sentence: `The models take ${PIXELS} values between 0 and 1; this picture has others. Choose another one.`,
      });
    }
    await engine.closeBackbone();
  });

  it('is not read again for another recipe, and its old students go', async () => {
    await engine.openBackbone(20, requestOf(fileNamed('deit_micro')), ignore);
    const whole = tf.memory().numTensors;
    made.length = 0;
    const what = new Set<string>();
    const recipe: BinarizationRecipe = { ...RECIPE, alpha: 'official', layers: { from: 0, to: 0 } };
    const again = { ...requestOf(fileNamed('deit_micro'), { recipe }), file: null };
    const opened = await engine.openBackbone(21, again, (progress) => {
      if (progress.kind === 'running') what.add(progress.what);
    });
    expect(opened).toMatchObject({ id: 'deit_micro', modelIds: ['teacher', 'baseline', 'scaling'] });
    expect(made).toEqual([]);
    expect([...what].filter((each) => each.startsWith('reading'))).toEqual([]);
    const { traces } = await engine.explore(22, { modelIds: MODEL_IDS, pixels: picture(3) }, ignore);
    expect(traces.scaling?.layers.map(({ attentionBinary }) => attentionBinary !== null)).toEqual([true, false]);
    expect(tf.memory().numTensors).toBeLessThan(whole); // one layer without alphas
    await engine.closeBackbone();
    expect(tf.memory().numTensors).toBe(family);
  });

  it('has to be open before it can have another recipe', async () => {
    const nothing = { ...requestOf(fileNamed('deit_micro')), file: null };
    await expect(engine.openBackbone(30, nothing, ignore)).rejects.toMatchObject({
      kind: 'checkpoint',
      sentence: 'No model is open yet. Choose one on the Models page.',
    });
  });

  it('that cannot be opened leaves the one that is open, and no tensor', async () => {
    await engine.openBackbone(40, requestOf(fileNamed('deit_micro')), ignore);
    const before = tf.memory().numTensors;
    const spoilt = changedFile(microBytes('swin_micro'), (tensors) => {
      tensors.set('norm.weight', { dtype: 'F32', shape: [48], data: new Float32Array(48).fill(NaN) });
    });
    const files = [
      fileNamed('swin_micro', spoilt),
      fileNamed('swin_micro', microBytes('swin_micro').slice(0, 5000)),
      fileNamed('deit_micro', new Uint8Array(0)),
    ];
    for (const [i, file] of files.entries()) {
      const refused = engine.openBackbone(41 + i, requestOf(file), ignore);
      await expect(refused).rejects.toMatchObject({
        kind: 'checkpoint',
        sentence: expect.stringMatching(/^[A-Z].+\.$/),
      });
    }
    // With the students made already, and then a picture that none of them takes.
    const small = { calibration: [new Float32Array(784)] };
    await expect(engine.openBackbone(45, requestOf(fileNamed('swin_micro'), small), ignore)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
    expect((await engine.info()).models).toEqual(['teacher', 'baseline', 'scaling']);
    const { traces } = await engine.explore(46, { modelIds: MODEL_IDS, pixels: picture(3) }, ignore);
    expect(traces.teacher?.config.architecture).toBe('deit');
    await engine.closeBackbone();
    expect(tf.memory().numTensors).toBe(family);
  });

  it('gives way to a newer one, to closing and to a cancellation, at every step, without leaving a tensor', async () => {
    const ways: readonly ((ticket: number) => Promise<unknown>)[] = [
      (ticket) => engine.cancel(ticket),
      () => engine.closeBackbone(),
    ];
    let ticket = 50;
    for (const way of ways) {
      let isOpened = false;
      for (let last = 1; !isOpened; last++) {
        let steps = 0;
        const mine = ++ticket;
        const opening = engine.openBackbone(mine, requestOf(fileNamed('deit_micro')), () => {
          if (++steps === last) void way(mine);
        });
        const kind = await opening.then(
          () => 'opened',
          (thrown: unknown) => (thrown as { kind: string }).kind,
        );
        isOpened = kind === 'opened';
        expect(kind).toBe(steps < last ? 'opened' : 'cancelled');
        if (!isOpened) expect(tf.memory().numTensors).toBe(family);
      }
      await engine.closeBackbone();
      expect(tf.memory().numTensors).toBe(family);
    }

    const [older, newer] = await Promise.allSettled([
      engine.openBackbone(++ticket, requestOf(fileNamed('deit_micro')), ignore),
      engine.openBackbone(++ticket, requestOf(fileNamed('swin_micro')), ignore),
    ]);
    expect(older).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled' } });
    expect(newer).toMatchObject({ status: 'fulfilled', value: { id: 'swin_micro' } });
    await engine.closeBackbone();
    expect(tf.memory().numTensors).toBe(family);
  });
});
