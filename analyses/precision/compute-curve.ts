/** How often the teacher is right with fewer bits, over the shipped images. */
import { bytesToUnit, normalizeGrey } from '@/lib/images/grey28';
import type { Sample } from '@/lib/images/samples';
import type { Precision, PrecisionPoint } from '@/engine/analysis';
import type { Analyze } from '@/engine/analysis-context';
import { withPrecision } from '@/analyses/precision/compute';
import type { Model } from '@/models/model';

/** Images in one forward: a piece between two steps stays near 50 ms in the slowest setting. */
const BATCH = 20;

/** What was measured once holds as long as the teacher does: accuracy by setting and number of images. */
const KNOWN = new WeakMap<Model, Map<string, number>>();

/** The first `images` shipped ones: any ten in a row are of ten classes, so each class counts alike. */
export const analyzePrecisionCurve: Analyze<'precision-curve'> = async (
  { settings, images: wanted },
  { model, samples, parts, step },
) => {
  const teacher = model('teacher');
  const chosen = (await samples()).slice(0, wanted);
  const known = KNOWN.get(teacher) ?? new Map<string, number>();
  KNOWN.set(teacher, known);
  const points: PrecisionPoint[] = [];
  const total = settings.length * chosen.length;
  const report = (done: number) =>
    step({
      what: 'images classified',
      done: points.length * chosen.length + done,
      total,
      partial: { points: [...points] },
    });

  for (const precision of settings) {
    const key = keyOf(precision, chosen.length);
    const accuracy = known.get(key) ?? (await withPrecision(parts, teacher, precision, measure));
    known.set(key, accuracy);
    points.push({ precision, accuracy, images: chosen.length });
    await report(0);
  }
  return { points };

  async function measure(quantized: Model): Promise<number> {
    let right = 0;
    for (let start = 0; start < chosen.length; start += BATCH) {
      await report(start);
      const batch = chosen.slice(start, start + BATCH);
      const classes = await parts.predictClasses(quantized, batch.map(normalized));
      right += batch.filter(({ label }, i) => label === classes[i]).length;
    }
    return right / chosen.length;
  }
};

function normalized({ bytes }: Sample): Float32Array {
  return normalizeGrey(bytesToUnit(bytes)); // [28, 28]
}

function keyOf({ weights, activations, attention }: Precision, images: number): string {
  return [weights, activations, attention, images].join(' ');
}
