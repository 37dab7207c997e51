import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToUnit } from '@/lib/images/grey28';
import { toEngineError } from '@/engine/engine-error';
import { type LiveRequest } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import { buffersOf } from '@/engine/transfer';
import { createNodeEngine, startWithFamily } from '@/scripts/node-engine';
import { openSamples } from '@/tests/analyses/family-context';

const ignore = (): void => {};
const samples = openSamples();
const pixelsOf = (index: number) => new Float32Array(bytesToUnit(samples[index]?.bytes ?? []));
const request = (change: Partial<LiveRequest> = {}): LiveRequest => ({
  modelId: 'bi-vit',
  pixels: pixelsOf(9),
  layer: 0,
  head: 2,
  query: 33,
  map: 'softmaxed',
  path: 'fastest',
  ...change,
});

describe('live frames in the engine', () => {
  const engine = createNodeEngine();
  beforeAll(async () => {
    await startWithFamily(engine, 'wasm');
  });

  it.each(MODEL_IDS)('are what exploring the same picture gives, of %s', async (modelId) => {
    const { logits, traces } = await engine.explore(1, { modelIds: [modelId], pixels: pixelsOf(9) }, ignore);
    const frame = await engine.live(2, request({ modelId }));
    expect([...frame.logits]).toEqual([...(logits[modelId] ?? [])]);
    const start = (2 * 50 + 33) * 50;
    expect([...frame.attention]).toEqual([
      ...(traces[modelId]?.layers[0]?.attention.subarray(start, start + 50) ?? []),
    ]);
    expect(frame.path).toBe(modelId === 'teacher' ? 'float' : 'packed');
  });

  it('give the pixels back, with clocks that add up and the memory that tensors hold', async () => {
    const asked = request();
    const frame = await engine.live(3, asked);
    expect(frame.pixels).toBe(asked.pixels);
    expect(buffersOf(frame)).toContain(asked.pixels.buffer);
    expect(frame.stages[0]?.stage).toBe('normalize');
    const worked = frame.stages.reduce((sum, { ms }) => sum + ms, 0);
    expect(worked).toBeLessThanOrEqual(frame.totalMs + 1e-6);
    const { tensors, memoryBytes } = await engine.info();
    expect(frame).toMatchObject({ tensors, memoryBytes });
  });

  it('hold no more memory after hundreds of them', async () => {
    await engine.live(4, request());
    const before = await engine.info();
    for (let i = 0; i < 300; i++) {
      const modelId = MODEL_IDS[i % 5] ?? 'teacher';
      const path = i % 2 === 0 ? 'fastest' : 'float';
      await engine.live(5 + i, request({ modelId, path, layer: i % 4, pixels: pixelsOf(i), head: null }));
    }
    const after = await engine.info();
    expect(after.tensors).toBe(before.tensors);
    expect(after.memoryBytes).toBe(before.memoryBytes);
  });

  it.each([
    ['pixels of another size', { pixels: new Float32Array(10) }, 'image'],
    ['pixels out of range', { pixels: new Float32Array(784).fill(2) }, 'image'],
    ['a layer that is not there', { layer: 9 }, 'internal'],
  ] as const)('are refused for %s', async (_, change, kind) => {
    const refused = await engine.live(1000, request(change)).catch((error: unknown) => toEngineError(error).kind);
    expect(refused).toBe(kind);
  });

  it('are refused once they were cancelled', async () => {
    await engine.cancel(2000);
    const refused = await engine.live(2000, request()).catch((error: unknown) => toEngineError(error).kind);
    expect(refused).toBe('cancelled');
    expect((await engine.live(2001, request())).logits).toHaveLength(10);
  });
});
