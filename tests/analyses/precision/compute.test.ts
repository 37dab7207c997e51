import type { RepairStudy } from '@/analyses/attribution/protocol';
import {
  FULL_PRECISION,
  type Precision,
  type PrecisionCurve,
  type PrecisionPicture,
} from '@/analyses/precision/protocol';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tf } from '@/lib/tf';
import type { AnalysisProgress, TargetClass } from '@/engine/analysis';
import type { AnalysisContext } from '@/engine/analysis-context';
import { analyzePrecision } from '@/analyses/precision/compute';
import { analyzePrecisionCurve } from '@/analyses/precision/compute-curve';
import { analyzeRepair } from '@/analyses/attribution/compute-repair';
import { repairMap } from '@/models/repair';
import { CHECKPOINTS } from '@/scripts/node-engine';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

const samples = openSamples();
const FORWARD_ONLY = { gradients: false, lossClass: 'predicted' } as const;
let family: Family = new Map();

beforeAll(async () => {
  family = await startFamily();
});
afterAll(() => closeFamily(family));

function imageAt(index: number): Float32Array {
  const sample = samples[index];
  if (sample === undefined) throw new RangeError(`no sample ${index}`);
  return imageOf(sample);
}

function contextAt<Result>(
  index: number,
  seen: (progress: AnalysisProgress<Result>) => void = () => {},
): AnalysisContext<Result> {
  return {
    ...contextOf<Result>(family, imageAt(index)),
    step: (progress) => {
      seen(progress);
      return Promise.resolve();
    },
  };
}

it('the teacher at 32 bits gives the teacher’s own trace, bit for bit', async () => {
  const context = contextAt<PrecisionPicture>(9);
  const { precision, trace } = await analyzePrecision({ precision: FULL_PRECISION }, context);
  expect(precision).toEqual(FULL_PRECISION);
  expect(trace).toEqual(await context.trace('teacher', FORWARD_ONLY));
});

it('fewer bits give another trace, with its quantized stages, and leave no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const { trace } = await analyzePrecision({ precision: { weights: 2, activations: 8, attention: 1 } }, contextAt(9));
  expect(trace.layers[0]?.qBinary).not.toBeNull();
  // A bit: 0 and one alpha for the head.
  expect(new Set(trace.layers[0]?.attentionBinary?.subarray(0, 2500)).size).toBeLessThanOrEqual(2);
  expect(tf.memory().numTensors).toBe(before);
});

it('the curve at 32 bits is the share of the predictions that PyTorch made', async () => {
  const indices = JSON.parse(
    readFileSync(`${CHECKPOINTS}/samples/fashion-mnist-1000-indices.json`, 'utf8'),
  ) as readonly number[];
  const predictions = readFileSync(`${CHECKPOINTS}/predictions/teacher.labels`);
  const right = samples.filter(({ label }, i) => predictions[indices[i] ?? -1] === label).length;
  const { points } = await analyzePrecisionCurve({ settings: [FULL_PRECISION], images: 1000 }, contextAt(0));
  expect(points).toEqual([{ precision: FULL_PRECISION, share: right / 1000, images: 1000 }]);
});

it('the curve comes setting by setting, in the order asked for, each class alike, and is not measured twice', async () => {
  const settings: readonly Precision[] = [
    { ...FULL_PRECISION, weights: 8 },
    { ...FULL_PRECISION, weights: 1 },
  ];
  const before = tf.memory().numTensors;
  const run = async () => {
    const partials: number[] = [];
    const shares: number[] = [];
    const { points } = await analyzePrecisionCurve(
      { settings, images: 40 },
      contextAt<PrecisionCurve>(0, ({ done, total, partial }) => {
        partials.push(partial?.points.length ?? -1);
        shares.push(done / total);
      }),
    );
    return { points, partials, shares };
  };
  const first = await run();
  expect(first.points.map(({ precision }) => precision)).toEqual(settings);
  expect(first.points.every(({ images }) => images === 40)).toBe(true);
  expect(first.partials).toEqual([0, 0, 1, 1, 1, 2]);
  expect(first.shares).toEqual([...first.shares].sort((a, b) => a - b));
  expect(first.shares.at(-1)).toBe(1);
  const [eight, one] = first.points;
  expect(eight?.share).toBeGreaterThan(one?.share ?? NaN);
  expect(tf.memory().numTensors).toBe(before);

  const second = await run();
  expect(second.points).toEqual(first.points);
  expect(second.partials).toEqual([1, 2]);
});

it('a curve that is cancelled leaves no tensor behind and no half-measured share', async () => {
  const settings = [{ ...FULL_PRECISION, attention: 2 } as const];
  const before = tf.memory().numTensors;
  const stopped = analyzePrecisionCurve(
    { settings, images: 60 },
    contextAt<PrecisionCurve>(0, ({ done }) => {
      if (done >= 20) throw new Error('cancelled');
    }),
  );
  await expect(stopped).rejects.toThrow('cancelled');
  expect(tf.memory().numTensors).toBe(before);
  const { points } = await analyzePrecisionCurve({ settings, images: 60 }, contextAt(0));
  expect(points[0]?.share).toBeGreaterThan(0.7);
});

it.each<[TargetClass]>([['predicted'], [3]])('the repair map is of one class for all patches: %s', async (target) => {
  const context = contextAt<RepairStudy>(9);
  const study = await analyzeRepair({ studentId: 'baseline', target }, context);
  const [teacher, student] = [
    await context.trace('teacher', FORWARD_ONLY),
    await context.trace('baseline', FORWARD_ONLY),
  ];
  const classIndex = target === 'predicted' ? teacher.logits.indexOf(Math.max(...teacher.logits)) : target;
  expect(study.classIndex).toBe(classIndex);
  expect(study.teacherLogit).toBe(teacher.logits[classIndex]);
  expect(study.studentLogit).toBe(student.logits[classIndex]);
  expect(study.heads.map((layer) => layer.length)).toEqual([4, 4, 4, 4]);
  expect(study.layers).toHaveLength(4);

  const map = await repairMap(context.model('baseline'), imageAt(9), teacher);
  expect(study.heads[2]?.[1]?.logit).toBe(map.heads[2]?.[1]?.[classIndex]);
  expect(study.layers[3]?.logit).toBe(map.layers[3]?.[classIndex]);
  expect(study.all).toEqual({ logit: map.all[classIndex], predicted: map.all.indexOf(Math.max(...map.all)) });
});

it('without known classes a curve is the teacher’s agreement with itself: 1 at 32 bits, less at 1 bit', async () => {
  const context = contextAt<PrecisionCurve>(0);
  const unlabelled = {
    ...context,
    samples: async (count: number) => (await context.samples(count)).map(({ pixels }) => ({ pixels, label: null })),
  };
  const settings = [FULL_PRECISION, { weights: 1, activations: 1, attention: 1 } as const];
  const { points, compared } = await analyzePrecisionCurve({ settings, images: 30 }, unlabelled);
  expect(compared).toBe('teacher');
  expect(points[0]?.share).toBe(1);
  expect(points[1]?.share).toBeLessThan(0.9);
});
