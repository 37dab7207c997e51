import { SPEED } from '@/analyses/cost/protocol';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { tf } from '@/lib/tf';
import type { AnalysisProgress, ResultOf } from '@/engine/analysis';
import { toEngineError } from '@/engine/engine-error';
import type { DeitConfig } from '@/models/architectures/deit/config';
import * as speed from '@/models/speed';

vi.mock('@/models/speed', { spy: true });

import { createNodeEngine, startWithFamily } from '@/scripts/node-engine';
import { ELASTIC_MICRO } from '@/tests/models/random-checkpoint';

/** Which backend and path ran is checked here, and that nothing stays; how fast it was is nobody's business but a bench's. */

const BLANK = new Float32Array(784);
const ignore = (): void => {};
const MICRO: DeitConfig = { ...ELASTIC_MICRO, quantization: 'bi-vit' };

describe('the measurement of the speed', () => {
  const engine = createNodeEngine();
  beforeAll(async () => {
    await startWithFamily(engine);
  });

  it.each([
    ['models made for it', MICRO],
    ['the family’s own models', 'family' as const],
  ])('times %s turn by turn, says what ran, and leaves nothing behind', async (_, config) => {
    const before = tf.memory();
    const seen: AnalysisProgress<ResultOf<typeof SPEED>>[] = [];
    const study = await engine.analyze(1, SPEED, { config, run: 1 }, BLANK, (progress) => seen.push(progress));
    expect(study).toMatchObject({ rounds: 15, backend: 'wasm', path: { kind: 'packed' } });
    for (const { low, median, high } of [study.fullMs, study.binaryMs]) {
      expect(low).toBeGreaterThan(0);
      expect(median).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThanOrEqual(median);
    }
    expect(study.ratio).toBeCloseTo(study.fullMs.median / study.binaryMs.median, 10);
    expect(seen.filter(({ what }) => what === 'rounds')).toHaveLength(31);
    expect(seen.at(-1)).toMatchObject({ done: 18, total: 18 });
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it('stops between two rounds when nobody waits for it, and lets its models go', async () => {
    const before = tf.memory().numTensors;
    let rounds = 0;
    const refused = engine.analyze(7, SPEED, { config: MICRO, run: 2 }, BLANK, ({ what }) => {
      if (what === 'rounds' && ++rounds === 4) void engine.cancelAnalysis('speed', 7);
    });
    const kind = await refused.catch((error: unknown) => toEngineError(error).kind);
    expect(kind).toBe('cancelled');
    expect(rounds).toBe(4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says why the binarized model ran on floats where there are no kernels', async () => {
    const bare = createNodeEngine({
      loadKernels: async () => ({ kind: 'absent', reason: 'They were not loaded.' }),
    });
    vi.spyOn(speed, 'timedForward').mockImplementation(() => ({
      path: { kind: 'float', reason: 'The packed kernels did not load.' },
      run: async () => {},
      dispose: ignore,
    }));
    await startWithFamily(bare);
    const study = await bare.analyze(1, SPEED, { config: 'family', run: 1 }, BLANK, ignore);
    expect(study.path).toEqual({ kind: 'float', reason: 'The packed kernels did not load.' });
    expect(study.isRelaxed).toBe(false);
  });
});
