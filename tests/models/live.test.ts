/** A live frame has the trace's numbers at the queried row, on either path, and leaves no tensor behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '@/lib/kernels/register';
import { layoutKeys, layoutRows, rowOfToken } from '@/lib/math/attention-layout';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import { liveFrame, type LiveQuery } from '@/models/live';
import type { Model } from '@/models/model';
import { traceImage } from '@/models/trace-image';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { kernelBytes } from '@/tests/lib/kernels/kernel-suite';
import { openMember, openModel, shippedPicture } from '@/tests/models/family';

const LOOK: LiveQuery = { layer: 1, head: 2, query: 33, map: 'softmaxed', path: 'fastest' };
let student: Model;
let teacher: Model;
const ticking = (): (() => number) => {
  let ticks = 0;
  return () => ticks++;
};

beforeAll(async () => {
  setWasmDirectory(WASM_DIRECTORY);
  await selectBackend('wasm');
  await registerKernels(await kernelBytes());
  student = openMember('bi-vit');
  teacher = openMember('teacher');
});
afterAll(() => [student, teacher].forEach((model) => model.dispose()));

async function rowOf(model: Model, { layer, head, query, map }: LiveQuery): Promise<Float32Array> {
  const trace = await traceImage(model, shippedPicture(9), { gradients: false, lossClass: 'predicted', path: 'float' });
  const shown = trace.layers[layer];
  const maps = (map === 'binarized' ? shown?.attentionBinary : null) ?? shown?.attention ?? new Float32Array();
  const heads = head === null ? [0, 1, 2, 3] : [head];
  return Float32Array.from({ length: 50 }, (_, key) => {
    const values = heads.map((each) => maps[(each * 50 + query) * 50 + key] ?? NaN);
    return values.reduce((sum, value) => sum + value, 0) / heads.length;
  });
}

const near = (expected: Float32Array) => Array.from(expected, (value) => expect.closeTo(value, 5) as number);

describe('a live frame of a model with windows', () => {
  it.each([0, 1])('has the trace’s row within the query’s window, in layer %i', async (layer) => {
    const model = openModel('tests/golden/swin_micro.safetensors');
    const { inChannels, imageSize } = model.config;
    const image = Float32Array.from({ length: inChannels * imageSize ** 2 }, (_, i) => Math.sin(i));
    const { layers } = await traceImage(model, image, { gradients: false, lossClass: 'predicted', path: 'float' });
    const shown = layers[layer];
    if (shown === undefined) throw new Error('no such layer');
    const query = layoutRows(shown.layout) - 2;
    const run = await liveFrame(model, image, { ...LOOK, layer, head: 0, query, path: 'float' }, ticking());
    const keys = layoutKeys(shown.layout);
    const row = rowOfToken(shown.layout, query);
    expect([...run.attention]).toEqual(near(shown.attention.slice(row * keys, (row + 1) * keys)));
    expect(run.stages.map(({ stage }) => stage)).toContain('merge');
    model.dispose();
  });
});

describe('a live frame', () => {
  it.each([
    ['packed', { ...LOOK }],
    ['packed', { ...LOOK, map: 'binarized' as const }],
    ['packed', { ...LOOK, head: null, query: 0 }],
    ['float', { ...LOOK, path: 'float' as const }],
    ['float', { ...LOOK, path: 'float' as const, map: 'binarized' as const, head: null }],
  ])('has the trace’s row on the %s path: %o', async (path, query) => {
    const run = await liveFrame(student, shippedPicture(9), query, ticking());
    expect(run.path).toBe(path);
    expect(run.map).toBe(query.map);
    expect([...run.attention]).toEqual(near(await rowOf(student, query)));
    const trace = await traceImage(student, shippedPicture(9), { gradients: false, lossClass: 'predicted' });
    expect([...run.logits]).toEqual(near(trace.logits));
  });

  it('names the stages of each path, and why the teacher runs on floats', async () => {
    const names = async (model: Model, path: LiveQuery['path']) => {
      const { stages, pathReason, kernels } = await liveFrame(model, shippedPicture(1), { ...LOOK, path }, ticking());
      return { stages: stages.map(({ stage }) => stage).join(' '), pathReason, kernels };
    };
    expect(await names(student, 'fastest')).toMatchObject({
      stages: 'embed norm qkv attention proj fc1 fc2 classify read',
      kernels: expect.stringContaining('packed 1-bit kernels') as string,
    });
    const float = 'embed norm qkv scores attention-v proj fc1 fc2 classify read';
    expect(await names(student, 'float')).toEqual({
      stages: float,
      pathReason: 'Floats were requested.',
      kernels: 'tfjs wasm, float32',
    });
    expect(await names(teacher, 'fastest')).toMatchObject({
      stages: float,
      pathReason: expect.stringContaining('not binary') as string,
    });
  });

  it('shows the softmaxed map of a full-precision model', async () => {
    const run = await liveFrame(teacher, shippedPicture(9), { ...LOOK, map: 'binarized' }, ticking());
    expect(run.map).toBe('softmaxed');
    expect(run.attention.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
  });

  it('leaves no tensor behind, however many frames run', async () => {
    student.packed();
    const before = tf.memory();
    for (let i = 0; i < 60; i++) {
      const path = i % 3 === 0 ? 'float' : 'fastest';
      await liveFrame(i % 2 === 0 ? student : teacher, shippedPicture(i), { ...LOOK, path }, ticking());
    }
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it.each([
    { ...LOOK, layer: 4 },
    { ...LOOK, head: 4 },
    { ...LOOK, query: 50 },
    { ...LOOK, query: -1 },
  ])('is rejected for a row that the model does not have: %o', async (query) => {
    const before = tf.memory().numTensors;
    await expect(liveFrame(student, shippedPicture(9), query, ticking())).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
  });
});
