/** A student's distortion, which comes layer by layer: against `lib/metrics` on the two traces, and cancelled on the way. */
import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { DISTORTION, type Distortion, MATRIX_METRICS } from '@/analyses/attention/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { columnOfQuery, layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import { averageDefined } from '@/lib/metrics/averaged';
import { constantRowShare } from '@/lib/metrics/constant-row-share';
import { headDistortion } from '@/lib/metrics/head-distortion';
import { pairMetrics } from '@/lib/metrics/registry';
import { tf } from '@/lib/tf';
import type { AnalysisProgress, ResultOf } from '@/engine/analysis';
import { toEngineError } from '@/engine/engine-error';
import type { FamilyPictures, Trace } from '@/engine/protocol';
import type { CellValue } from '@/lib/metrics/cell';
import type { LayerTrace } from '@/models/trace';
import { DEFAULT_RECIPE, type BinarizationRecipe } from '@/models/recipe';
import { createNodeEngine } from '@/scripts/node-engine';
import { microBytes, type MicroName } from '@/tests/engine/micro-files';

const ignore = (): void => {};
const engine = createNodeEngine();
let ticket = 0;

function picture(seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: 3 * 32 * 32 }, () => rng.uniform());
}
const PICTURE = picture(5);

const PICTURES: FamilyPictures = {
  preprocessing: async () => ({
    kind: 'photo',
    imageSize: 32,
    channels: 3,
    resize: 32,
    interpolation: 'bicubic',
    source: 'assumed',
    mean: [0.4, 0.5, 0.6],
    std: [0.2, 0.3, 0.4],
  }),
  samples: async () => [{ pixels: picture(1), label: null }],
};

const open = (name: MicroName, recipe: BinarizationRecipe = DEFAULT_RECIPE) => {
  const weights = { id: name, label: name, bytes: microBytes(name).buffer, numHeads: null };
  return engine.openFamily(++ticket, { familyId: name, weights, trained: null, recipe }, PICTURES, ignore);
};

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('what the test needs is not there');
  return value;
}

async function tracesOf(): Promise<{ readonly teacher: Trace; readonly baseline: Trace; readonly scaling: Trace }> {
  const modelIds = ['teacher', 'baseline', 'scaling'];
  const { traces } = await engine.explore(++ticket, { modelIds, pixels: PICTURE }, ignore);
  return { teacher: need(traces.teacher), baseline: need(traces.baseline), scaling: need(traces.scaling) };
}

const headOf = (values: Float32Array, { heads }: LayerTrace, head: number): Float32Array =>
  values.slice((head * values.length) / heads, ((head + 1) * values.length) / heads);

/** Row by row with the registry's metrics: for whole maps and for windows. */
function cellOf(
  metric: (typeof MATRIX_METRICS)[number],
  teacher: Float32Array,
  student: Float32Array,
  { layout }: LayerTrace,
): CellValue {
  const keys = layoutKeys(layout);
  const values = Array.from({ length: layoutRows(layout) }, (_, row) => {
    const [t, s] = [teacher, student].map((map) => [...map.subarray(row * keys, (row + 1) * keys)]);
    return pairMetrics[metric].evaluate(need(t), need(s), { query: columnOfQuery(layout, row), k: TOP_K });
  });
  const { value, defined, total } = averageDefined(values);
  return { value, definedRows: defined, totalRows: total };
}

function expectLayers(distortion: Distortion, teacher: Trace, student: Trace): void {
  expect(distortion.constantRowShare).toHaveLength(teacher.layers.length);
  for (const [layer, ofTeacher] of teacher.layers.entries()) {
    const ofStudent = need(student.layers[layer]);
    const binarized = ofStudent.attentionBinary ?? ofStudent.attention;
    for (let head = 0; head < ofTeacher.heads; head++) {
      const reference = headOf(ofTeacher.attention, ofTeacher, head);
      const [soft, hard] = [ofStudent.attention, binarized].map((values) => headOf(values, ofStudent, head));
      for (const metric of MATRIX_METRICS) {
        expect(distortion.attention[metric][layer]?.[head]).toEqual(cellOf(metric, reference, need(soft), ofTeacher));
        expect(distortion.attentionBinary[metric][layer]?.[head]).toEqual(
          cellOf(metric, reference, need(hard), ofTeacher),
        );
      }
      const share = constantRowShare(need(hard), layoutKeys(ofTeacher.layout));
      expect(distortion.constantRowShare[layer]?.[head]).toBe(share);
    }
    expect(distortion.attention.cosine[layer]).toHaveLength(ofTeacher.heads);
  }
}

beforeAll(async () => {
  await engine.start({ basePath: '', backend: 'wasm' });
});

describe('the distortion of a student', () => {
  it.each(['deit_micro', 'swin_micro'] as const)('is what lib/metrics gives, layer by layer: %s', async (name) => {
    const { memberIds } = await open(name);
    expect(memberIds).toEqual(['teacher', 'baseline', 'scaling']);
    const { teacher, ...students } = await tracesOf();
    const before = tf.memory().numTensors;
    for (const studentId of ['baseline', 'scaling'] as const) {
      const seen: AnalysisProgress<ResultOf<typeof DISTORTION>>[] = [];
      const distortion = await engine.analyze(++ticket, DISTORTION, { studentId }, PICTURE, (p) => seen.push(p));
      expectLayers(distortion, teacher, students[studentId]);
      // As many layers as there are yet, and each as it is in the end.
      const partial = seen.flatMap((progress) => (progress.partial === null ? [] : [progress.partial]));
      expect(partial.map(({ constantRowShare: rows }) => rows.length)).toEqual(
        teacher.layers.slice(1).map((_, done) => done + 1),
      );
      for (const { attention, constantRowShare: rows } of partial) {
        expect(rows).toEqual(distortion.constantRowShare.slice(0, rows.length));
        expect(attention.tauB).toEqual(distortion.attention.tauB.slice(0, rows.length));
      }
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is that of whole heads where every token sees all', async () => {
    await open('deit_micro');
    const { teacher, scaling } = await tracesOf();
    const distortion = await engine.analyze(++ticket, DISTORTION, { studentId: 'scaling' }, PICTURE, ignore);
    const [ofTeacher, ofStudent] = [need(teacher.layers[1]), need(scaling.layers[1])];
    const whole = headDistortion(headOf(ofTeacher.attention, ofTeacher, 1), headOf(ofStudent.attention, ofStudent, 1), {
      tokens: 17,
      k: TOP_K,
    });
    for (const metric of MATRIX_METRICS) {
      const { value, defined, total } = whole[metric];
      expect(distortion.attention[metric][1]?.[1]).toEqual({ value, definedRows: defined, totalRows: total });
    }
  });

  it('of a layer that stays real-valued is that of its softmaxed attention, and none before the first binarized one', async () => {
    await open('deit_micro', { ...DEFAULT_RECIPE, layers: { from: 1, to: 1 } });
    const { attention, attentionBinary } = await engine.analyze(
      ++ticket,
      DISTORTION,
      { studentId: 'scaling' },
      PICTURE,
      ignore,
    );
    for (const metric of MATRIX_METRICS) expect(attentionBinary[metric][0]).toEqual(attention[metric][0]);
    expect(attentionBinary.cosine[1]).not.toEqual(attention.cosine[1]);
    for (const { value } of need(attention.tauB[0])) expect(value).toBe(1);
    for (const { value } of need(attention.entropyDifference[0])) expect(value).toBe(0);
    for (const { value } of need(attention.tauB[1])) expect(value).toBeLessThan(1);
  });

  it('ends at whichever step it is cancelled, and can be asked for again', async () => {
    await open('swin_micro');
    const before = tf.memory().numTensors;
    const ask = async (last: number): Promise<{ readonly kind: string; readonly steps: number }> => {
      const mine = ++ticket;
      let steps = 0;
      const asked = engine.analyze(mine, DISTORTION, { studentId: 'scaling' }, PICTURE, () => {
        if (++steps === last) void engine.cancelAnalysis('distortion', mine);
      });
      const kind = await asked.then(
        () => 'answered',
        (thrown: unknown) => toEngineError(thrown).kind,
      );
      return { kind, steps };
    };
    const { kind, steps } = await ask(Infinity);
    expect(kind).toBe('answered');
    expect(steps).toBe(2 + 4); // two traces, four layers
    for (let last = 1; last <= steps; last++) expect(await ask(last)).toEqual({ kind: 'cancelled', steps: last });
    expect(tf.memory().numTensors).toBe(before);
    expect(await ask(Infinity)).toEqual({ kind: 'answered', steps });
  });

  it('gives way to that of another student', async () => {
    await open('deit_micro');
    const { teacher, scaling } = await tracesOf();
    const [older, newer] = await Promise.allSettled([
      engine.analyze(++ticket, DISTORTION, { studentId: 'baseline' }, PICTURE, ignore),
      engine.analyze(++ticket, DISTORTION, { studentId: 'scaling' }, PICTURE, ignore),
    ]);
    expect(older).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled' } });
    if (newer.status === 'rejected') throw newer.reason;
    expectLayers(newer.value, teacher, scaling);
  });

  it('of a model that came without its teacher is what needs none: its constant rows', async () => {
    await open('official_bi_deit_micro');
    const { traces } = await engine.explore(++ticket, { modelIds: ['bi-vit'], pixels: PICTURE }, ignore);
    const { layers } = need(traces['bi-vit']);
    const { constantRowShare: rows, ...rest } = await engine.analyze(
      ++ticket,
      DISTORTION,
      { studentId: 'bi-vit' },
      PICTURE,
      ignore,
    );
    expect(rows).toHaveLength(layers.length);
    for (const [at, layer] of layers.entries()) {
      for (let head = 0; head < layer.heads; head++) {
        const map = headOf(need(layer.attentionBinary), layer, head);
        expect(rows[at]?.[head]).toBe(constantRowShare(map, layoutKeys(layer.layout)));
      }
    }
    for (const metric of MATRIX_METRICS) {
      expect(rest.attention[metric]).toEqual([]);
      expect(rest.attentionBinary[metric]).toEqual([]);
    }
  });
});
