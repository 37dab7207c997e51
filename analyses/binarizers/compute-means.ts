/** Every binarizer over every row of one head, over sample pictures. */
import { register, type Compute } from '@/engine/compute';
import { measuresOf, rankedRow } from '@/analyses/binarizers/measure-row';
import { BINARIZER_MEANS, MEASURE_IDS, perMeasure, type BinarizerMeans } from '@/analyses/binarizers/protocol';
import { matrixRow } from '@/lib/math/number-row';
import type { AttentionHead } from '@/lib/quantizers/attention/binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention/binarizers';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { HEAD_STAGES, headOf, recordStages, windowCount } from '@/models/recorded-stages';

/** Images in one forward; a few cost little more than one. */
const BATCH = 4;
/** A step costs a turn of the event loop and a message, so it is taken this often, and at the end. */
const STEP_MS = 30;

export const analyzeBinarizerMeans: Compute<typeof BINARIZER_MEANS> = async (
  { modelId, layer, head, fit, images: wanted },
  { model: modelOf, samples, step },
) => {
  const model = modelOf(modelId);
  const chosen = (await samples(wanted)).map(({ pixels }) => pixels);
  const what = `images binarized in ${ATTENTION_BINARIZERS.length} ways`;
  const sums = new BinarizerSums();
  let steppedMs = performance.now();
  for (let start = 0; start < chosen.length; start += BATCH) {
    const batch = chosen.slice(start, start + BATCH);
    const recorded = await recordStages(model, batch, layer, HEAD_STAGES);
    const windows = windowCount(recorded, batch.length);
    for (const image of batch.keys()) {
      for (let window = 0; window < windows; window++)
        sums.add(headOf(recorded, batch.length, { image, head, window }), fit);
      const done = start + image + 1;
      if (done < chosen.length && performance.now() - steppedMs < STEP_MS) continue;
      await step({ what, done, total: chosen.length, partial: sums.means(done) });
      steppedMs = performance.now();
    }
  }
  return sums.means(chosen.length);
};

export const binarizerMeansCompute = register(BINARIZER_MEANS, analyzeBinarizerMeans);

/** Parameters are fitted to each image. */
class BinarizerSums {
  private rows = 0;
  private readonly running = ATTENTION_BINARIZERS.map((binarizer) => ({
    binarizer,
    sums: perMeasure(() => ({ sum: 0, defined: 0 })),
  }));

  add(head: AttentionHead, fit: BinarizerFit): void {
    const { tokens, attention } = head;
    const rows = Array.from({ length: tokens }, (_, i) => rankedRow(matrixRow(attention, tokens, i)));
    for (const { binarizer, sums } of this.running) {
      const { values, passShare } = binarizer.binarize(head, fit);
      for (const [i, before] of rows.entries()) {
        const measures = measuresOf(before, matrixRow(values, tokens, i), passShare(i));
        for (const measure of MEASURE_IDS) {
          const value = measures[measure];
          if (value === null) continue;
          sums[measure].sum += value;
          sums[measure].defined++;
        }
      }
    }
    this.rows += tokens;
  }

  means(images: number): BinarizerMeans {
    const means = this.running.map(({ binarizer: { id }, sums }) => ({
      id,
      ...perMeasure((measure) => {
        const { sum, defined } = sums[measure];
        return { value: defined === 0 ? null : sum / defined, definedRows: defined, totalRows: this.rows };
      }),
    }));
    return { images, means };
  }
}
