/** What is told of a checkpoint of which a part is missing, or with which more is wrong than that. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { selectBackend, tf } from '@/lib/tf';
import type { CheckpointReport } from '@/engine/protocol';
import { inspectCheckpoint } from '@/engine/inspect-checkpoint';
import { DEFAULT_RECIPE } from '@/models/recipe';
import { CHECKPOINTS, createNodeEngine, familyPictures, startWithFamily } from '@/scripts/node-engine';
import { changedFile, fileOf, microBytes, type Tensors } from '@/tests/engine/micro-files';

const GOLDENS = ['deit_micro', 'swin_micro', 'official_bi_deit_micro', 'official_bi_swin_micro'] as const;
const inspect = (bytes: Uint8Array): CheckpointReport => inspectCheckpoint(bytes, { numHeads: null });
const without =
  (...keys: readonly string[]) =>
  (tensors: Tensors): void => {
    for (const key of keys) expect(tensors.delete(key)).toBe(true);
  };

beforeAll(() => selectBackend('cpu'));

describe('a checkpoint of which a part is missing', () => {
  it.each(GOLDENS)('names the tensor that is missing, whichever it is: %s', (name) => {
    const whole = microBytes(name);
    const { tensors } = parseSafetensors(whole);
    const { used, parameters, ignored } = inspect(whole);
    const unused = new Set(ignored.map(({ key }) => key));
    expect(used + unused.size).toBe(tensors.size);
    const before = tf.memory().numTensors;
    for (const [key, { data }] of tensors) {
      const report = inspect(changedFile(whole, without(key)));
      const isUsed = !unused.has(key);
      expect(report.missing).toEqual(isUsed ? [key] : []);
      expect(report.used).toBe(isUsed ? used - 1 : used);
      expect(report.parameters).toBe(isUsed ? parameters - data.length : parameters);
      expect(report.ignored).toEqual(ignored.filter((each) => each.key !== key));
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(GOLDENS)('names all of them where next to nothing is there: %s', (name) => {
    const whole = microBytes(name);
    const { config, ignored } = inspect(whole);
    const unused = new Set(ignored.map(({ key }) => key));
    const keys = [...parseSafetensors(whole).tensors.keys()];
    const report = inspect(changedFile(whole, without(...keys.filter((key) => key !== 'norm.bias'))));
    expect(new Set(report.missing)).toEqual(new Set(keys.filter((key) => key !== 'norm.bias' && !unused.has(key))));
    expect(new Set(report.missing).size).toBe(report.missing.length);
    expect(report).toMatchObject({ config, used: 1, ignored: [], isBinary: name.startsWith('official') });
  });

  it('wants both halves of a linear that is stored as bits, and counts eight weights in a byte', () => {
    const whole = new Uint8Array(readFileSync(`${CHECKPOINTS}/bi-vit.safetensors`));
    const { parameters } = inspect(whole);
    const [bits, scale] = ['blocks.2.mlp.fc1.weight_bits', 'blocks.2.mlp.fc1.weight_scale'];
    expect(inspect(changedFile(whole, without(scale)))).toMatchObject({ missing: [scale], parameters });
    const withoutBits = inspect(changedFile(whole, without(bits)));
    expect(withoutBits.missing).toEqual([bits]);
    const { embedDim, mlpRatio } = withoutBits.config;
    expect(withoutBits.parameters).toBe(parameters - embedDim ** 2 * mlpRatio);
  });

  it('lists the tensors that the model does not have beside those it lacks, to show a renamed one', () => {
    const renamed = changedFile(microBytes('deit_micro'), (tensors) => {
      const head = tensors.get('head.weight');
      without('head.weight')(tensors);
      if (head !== undefined) tensors.set('fc.weight', head);
    });
    const { missing, ignored } = inspect(renamed);
    expect(missing).toEqual(['head.weight']);
    expect(ignored).toEqual([{ key: 'fc.weight', why: expect.stringMatching(/has no such tensor\.$/) }]);
  });

  it('is still refused for what is wrong with the rest of it', () => {
    const spoilt = (key: string, change: (values: Float32Array) => Float32Array, shape?: readonly number[]) =>
      changedFile(microBytes('deit_micro'), (tensors) => {
        without('cls_token')(tensors);
        const tensor = tensors.get(key);
        if (!(tensor?.data instanceof Float32Array)) throw new Error(key);
        tensors.set(key, { dtype: 'F32', shape: shape ?? tensor.shape, data: change(tensor.data) });
      });
    expect(() => inspect(spoilt('norm.weight', (values) => values.map(() => NaN)))).toThrow(
      /"norm\.weight" holds NaN or infinite values/,
    );
    expect(() => inspect(spoilt('norm.weight', (values) => values.slice(1), [31]))).toThrow(
      /"norm\.weight" has shape \[31\] where \[32\] belongs/,
    );
  });

  it('makes nothing of the sizes that it claims', () => {
    // Windows of 14 x 14 tokens: the table that says which pairs share a bias would have 2.8e7 entries, the masks 9.8e6 each.
    const config = {
      ...{ architecture: 'swin', quantization: 'none', imageSize: 1792, patchSize: 8, embedDim: 1024 },
      ...{ depths: [4], numHeads: [64], windowSize: 14, mlpRatio: 1, numClasses: 100_000, normEps: 1e-5 },
    };
    const before = tf.memory().numTensors;
    const { missing, used, parameters } = inspect(fileOf(new Map(), JSON.stringify(config)));
    expect(missing).toHaveLength(2 + 2 + 4 * 13 + 2 + 2);
    expect({ used, parameters }).toEqual({ used: 0, parameters: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a checkpoint of which a part is missing, in the engine', () => {
  it('is looked into, and not opened: a sentence says what is missing', async () => {
    const engine = createNodeEngine();
    const { backend } = await startWithFamily(engine, 'cpu');
    expect(backend).toBe('cpu');
    const bytes = changedFile(microBytes('deit_micro'), without('norm.weight', 'head.weight', 'head.bias')).buffer;
    const before = (await engine.info()).tensors;
    expect((await engine.inspect({ bytes, numHeads: null })).missing).toEqual([
      'norm.weight',
      'head.weight',
      'head.bias',
    ]);
    const weights = { id: 'part', label: 'Part', bytes, numHeads: null };
    const request = { familyId: 'part', weights, trained: null, recipe: DEFAULT_RECIPE };
    const opening = engine.openFamily(2, request, familyPictures(), () => {});
    await expect(opening).rejects.toMatchObject({
      kind: 'checkpoint',
      sentence: 'The tensor "norm.weight" is missing, and 2 more. Choose a checkpoint that fits its configuration.',
    });
    expect(await engine.info()).toMatchObject({
      tensors: before,
      models: expect.arrayContaining(['teacher', 'bi-vit']),
    });
  });
});
