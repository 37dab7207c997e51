/** The comparison of binarizers on the embedded family: against the trace of the model, and against themselves. */
import type { MemberId } from '@/models/families/family';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '@/lib/tf';
import { analyzeBinarizerMeans } from '@/analyses/binarizers/compute-means';
import { analyzeBinarizers } from '@/analyses/binarizers/compute';
import { MEASURE_IDS } from '@/analyses/binarizers/protocol';
import { HEAD_STAGES, headOf, recordStages } from '@/models/recorded-stages';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { BINARIZER_IDS } from '@/lib/quantizers/attention/records';
import { traceImage } from '@/models/trace-image';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';
import { bruteForceTauB } from '@/tests/lib/metrics/brute-force';

const samples = openSamples();
const PICTURES = [9, 3].map((index) => {
  const sample = samples[index];
  if (sample === undefined) throw new Error(`no sample ${index}`);
  return imageOf(sample);
});
const IDS = ['teacher', 'baseline', 'bi-vit'] as const satisfies readonly MemberId[];
let family: Family;

beforeAll(async () => {
  family = await startFamily(IDS);
});
afterAll(() => closeFamily(family));

function modelOf(id: MemberId) {
  const model = family.get(id);
  if (model === undefined) throw new Error(id);
  return model;
}

describe('recorded stages', () => {
  it('are those of a whole trace, for one image and for several at once', async () => {
    for (const id of IDS) {
      const recorded = await recordStages(modelOf(id), PICTURES, 2, [...HEAD_STAGES, 'v']);
      for (const [image, picture] of PICTURES.entries()) {
        const traced = (await traceImage(modelOf(id), picture, { gradients: true, lossClass: 0 })).layers[2];
        if (traced === undefined) throw new Error('no third layer');
        const { q, k, scores, attention } = headOf(recorded, PICTURES.length, { image, head: 3 });
        const pairs = [
          [q, traced.q],
          [k, traced.k],
          [scores, traced.scores],
          [attention, traced.attention],
        ] as const;
        for (const [found, all] of pairs) {
          const expected = all?.subarray(3 * (all.length / 4)) ?? new Float32Array();
          expect(found).toHaveLength(expected.length);
          const apart = expected.map((value, i) => Math.abs(value - Number(found[i])));
          expect(Math.max(...apart)).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('leave no tensor behind, also where they fail', async () => {
    const [picture = new Float32Array()] = PICTURES;
    const before = tf.memory().numTensors;
    await recordStages(modelOf('bi-vit'), [picture], 0, HEAD_STAGES);
    await expect(recordStages(modelOf('bi-vit'), [picture], 4, HEAD_STAGES)).rejects.toThrow(RangeError);
    await expect(recordStages(modelOf('bi-vit'), [picture], 0, ['no_such_stage'])).rejects.toThrow(RangeError);
    await expect(recordStages(modelOf('bi-vit'), [new Float32Array(3)], 0, HEAD_STAGES)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the comparison on one row', () => {
  const ask = (modelId: MemberId, fit: BinarizerFit, picture: number) =>
    analyzeBinarizers(
      { modelId, layer: 1, head: 2, query: 17, fit },
      contextOf(family, PICTURES[picture] ?? new Float32Array()),
    );

  it('measures density, order and error of each row as their definitions have them', async () => {
    for (const id of IDS) {
      for (const fit of ['official', 'least-squares'] as const) {
        for (const picture of PICTURES.keys()) {
          const { attention, rows } = await ask(id, fit, picture);
          expect(attention.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
          expect(rows.map((row) => row.id)).toEqual(BINARIZER_IDS);
          for (const { values, density, tauB, error, passShare } of rows) {
            expect(values).toHaveLength(50);
            expect(density).toBe(values.filter((value) => value !== 0).length / 50);
            const norm = (row: Float32Array) => Math.hypot(...row);
            expect(error).toBeCloseTo(
              norm(values.map((value, j) => value - Number(attention[j]))) / norm(attention),
              5,
            );
            expect(passShare).toBeGreaterThanOrEqual(0);
            expect(passShare).toBeLessThanOrEqual(1);
            const expected = bruteForceTauB([...attention], [...values]);
            if (expected === null) expect(tauB).toBeNull();
            else expect(tauB).toBeCloseTo(expected, 4); // real-valued rows are rounded to float32 on their way out
          }
        }
      }
    }
  });

  it('shows the released code’s start as it is: a constant row, without any order', async () => {
    const [sign] = (await ask('teacher', 'official', 0)).rows;
    expect(sign).toMatchObject({ id: 'sign-alpha', density: 1, tauB: null });
    expect(sign?.parameters.map(({ value }) => value.toFixed(6))).toEqual(['0.040000', '0.000000']); // alpha = 2 / N
    expect(new Set(sign?.values).size).toBe(1);
  });

  it('refuses a layer, a head or a query that is not there', async () => {
    const request = { modelId: 'teacher', layer: 1, head: 2, query: 17, fit: 'official' } as const;
    const context = contextOf(family, PICTURES[0] ?? new Float32Array());
    for (const wrong of [{ layer: 4 }, { head: 4 }, { head: -1 }, { query: 50 }]) {
      await expect(analyzeBinarizers({ ...request, ...wrong }, context)).rejects.toThrow(RangeError);
    }
  });
});

describe('the means over shipped images', () => {
  const request = { modelId: 'bi-vit', layer: 1, head: 2, fit: 'least-squares', images: 2 } as const;

  it('are the means of what every single row gives', async () => {
    const steps: string[] = [];
    const { images, means } = await analyzeBinarizerMeans(request, contextOf(family, new Float32Array(), steps));
    expect(images).toBe(2);
    expect(steps.length).toBeGreaterThan(0);
    const sums = new Map(BINARIZER_IDS.map((id) => [id, { density: [], tauB: [], error: [], passShare: [] } as Lists]));
    for (const sample of samples.slice(0, 2)) {
      const context = contextOf(family, imageOf(sample));
      for (let query = 0; query < 50; query++) {
        const { rows } = await analyzeBinarizers({ ...request, query }, context);
        for (const row of rows)
          for (const measure of MEASURE_IDS) {
            const value = row[measure];
            if (value !== null) sums.get(row.id)?.[measure].push(value);
          }
      }
    }
    for (const { id, ...cells } of means) {
      for (const measure of MEASURE_IDS) {
        const list = sums.get(id)?.[measure] ?? [];
        const { value, definedRows, totalRows } = cells[measure];
        expect([definedRows, totalRows], `${id} ${measure}`).toEqual([list.length, 100]);
        if (list.length === 0) expect(value).toBeNull();
        // A batch may round a score differently from a single image.
        else expect(Math.abs(Number(value) - list.reduce((sum, x) => sum + x, 0) / list.length)).toBeLessThan(2e-3);
      }
    }
  });

  it('have no order where every row is constant', async () => {
    const { means } = await analyzeBinarizerMeans(
      { ...request, modelId: 'teacher', fit: 'official', images: 2 },
      contextOf(family, new Float32Array()),
    );
    expect(means[0]).toMatchObject({ id: 'sign-alpha', tauB: { value: null, definedRows: 0, totalRows: 100 } });
  });

  it('stop where the step says so', async () => {
    const context = contextOf(family, new Float32Array());
    let reported = 0;
    const stopping = Object.create(context, {
      step: {
        value: () => (++reported < 3 ? Promise.resolve() : Promise.reject(new Error('cancelled'))),
      },
    }) as typeof context;
    const before = tf.memory().numTensors;
    await expect(analyzeBinarizerMeans({ ...request, images: 1000 }, stopping)).rejects.toThrow('cancelled');
    expect([reported, tf.memory().numTensors]).toEqual([3, before]);
  });
});

interface Lists {
  readonly density: number[];
  readonly tauB: number[];
  readonly error: number[];
  readonly passShare: number[];
}
