/** The teacher with fewer bits, on the picture on screen. */
import { register, type Compute } from '@/engine/compute';
import { PRECISION, type Precision } from '@/analyses/precision/protocol';
import type { Trace } from '@/engine/protocol';
import type { Model } from '@/models/model';
import { postTraining, quantizeModel } from '@/models/precision';
import { traceImage } from '@/models/trace-image';

/** Making the model takes milliseconds, so it is made for the picture and let go. */
export const analyzePrecision: Compute<typeof PRECISION> = async ({ precision }, { image, model, step }) => {
  await step({ what: 'the teacher with fewer bits', done: 0, total: 1, partial: null });
  const trace = await withPrecision(model('teacher'), precision, (quantized) =>
    traceImage(quantized, image, { gradients: false, lossClass: 'predicted' }),
  );
  return { precision, trace };
};

export const precisionCompute = register(PRECISION, analyzePrecision);

/** Disposes the model afterwards, also when the work fails. */
export async function withPrecision<T extends Trace | number>(
  teacher: Model,
  precision: Precision,
  work: (quantized: Model) => Promise<T>,
): Promise<T> {
  const quantized = await quantizeModel(teacher, postTraining(precision));
  try {
    return await work(quantized);
  } finally {
    quantized.dispose();
  }
}
