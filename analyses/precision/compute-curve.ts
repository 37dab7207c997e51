/** How often the teacher is right with fewer bits, over the shipped images. */
import { register, type Compute } from '@/engine/compute';
import { PRECISION_CURVE, type Precision, type PrecisionPoint } from '@/analyses/precision/protocol';
import { predictClasses } from '@/models/predict';
import { withPrecision } from '@/analyses/precision/compute';
import type { Model } from '@/models/model';

/** Pixels in one forward, 20 pictures of 28 x 28: a piece between two steps stays near 50 ms in the slowest setting. */
const BATCH_VALUES = 20 * 28 * 28;

/** What was measured once holds as long as the teacher does: share by setting and number of images. */
const KNOWN = new WeakMap<Model, Map<string, number>>();

/**
 * Over the family's first `images` samples (of Fashion-MNIST any ten in a row are of ten classes, so each class counts alike). Where the
 * true classes are not known the full-precision teacher's own answers stand for them: then a point is its agreement with itself.
 */
export const analyzePrecisionCurve: Compute<typeof PRECISION_CURVE> = async (
  { settings, images: wanted },
  { model, samples, step },
) => {
  const teacher = model('teacher');
  const chosen = await samples(wanted);
  const images = chosen.map(({ pixels }) => pixels);
  const isLabelled = chosen.every(({ label }) => label !== null);
  const known = KNOWN.get(teacher) ?? new Map<string, number>();
  KNOWN.set(teacher, known);
  const points: PrecisionPoint[] = [];
  const batchSize = Math.max(1, Math.floor(BATCH_VALUES / Math.max(1, images[0]?.length ?? 1)));
  const report = (done: number) =>
    step({
      what: 'images classified',
      done: points.length * images.length + done,
      total: settings.length * images.length,
      partial: { points: [...points], compared: isLabelled ? 'labels' : 'teacher' },
    });
  const answers = isLabelled ? chosen.map(({ label }) => label) : await classify(teacher);

  for (const precision of settings) {
    const key = keyOf(precision, images.length);
    const share = known.get(key) ?? (await withPrecision(teacher, precision, shareRight));
    known.set(key, share);
    points.push({ precision, share, images: images.length });
    await report(0);
  }
  return { points, compared: isLabelled ? 'labels' : 'teacher' };

  async function classify(of: Model): Promise<readonly number[]> {
    const classes: number[] = [];
    for (let start = 0; start < images.length; start += batchSize) {
      await report(start);
      classes.push(...(await predictClasses(of, images.slice(start, start + batchSize))));
    }
    return classes;
  }

  async function shareRight(quantized: Model): Promise<number> {
    const classes = await classify(quantized);
    return classes.filter((found, i) => found === answers[i]).length / classes.length;
  }
};

export const precisionCurveCompute = register(PRECISION_CURVE, analyzePrecisionCurve);

function keyOf({ weights, activations, attention }: Precision, images: number): string {
  return [weights, activations, attention, images].join(' ');
}
