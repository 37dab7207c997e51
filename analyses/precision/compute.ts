/** The teacher with fewer bits, on the picture on screen. */
import type { Precision } from '@/engine/analysis';
import type { Analyze } from '@/engine/analysis-context';
import type { Trace } from '@/engine/protocol';
import type { ModelParts } from '@/engine/serve-family';
import type { Model } from '@/models/model';

/** Making the model takes milliseconds, so it is made for the picture and let go. */
export const analyzePrecision: Analyze<'precision'> = async ({ precision }, { image, model, parts, step }) => {
  await step({ what: 'the teacher with fewer bits', done: 0, total: 1, partial: null });
  const trace = await withPrecision(parts, model('teacher'), precision, (quantized) =>
    parts.traceImage(quantized, image, { gradients: false, lossClass: 'predicted' }),
  );
  return { precision, trace };
};

/** Disposes the model afterwards, also when the work fails. */
export async function withPrecision<T extends Trace | number>(
  { quantizeModel }: ModelParts,
  teacher: Model,
  precision: Precision,
  work: (quantized: Model) => Promise<T>,
): Promise<T> {
  const quantized = await quantizeModel(teacher, precision);
  try {
    return await work(quantized);
  } finally {
    quantized.dispose();
  }
}
