/** Every binarizer over every row of one head, over shipped images: what one row showed, on average. */
import { register, type Compute } from '@/engine/compute';
import { BINARIZER_MEANS, type BinarizerMeans } from '@/analyses/binarizers/protocol';
import { averageRanks } from '@/lib/math/average-ranks';
import { matrixRow, type NumberRow } from '@/lib/math/number-row';
import { tauBOfCounts } from '@/lib/metrics/kendall-tau-b';
import { pairCountsOfRanks } from '@/lib/metrics/pair-counts';
import { relativeFrobenius } from '@/lib/metrics/relative-frobenius';
import type { AttentionHead } from '@/lib/quantizers/attention-binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention-binarizers';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import { densityOf } from '@/analyses/binarizers/compute';
import { HEAD_STAGES, headOf, recordStages, windowCount } from '@/models/recorded-stages';
import type { CellValue } from '@/lib/metrics/cell';

/** Images in one forward; a few cost little more than one. */
const BATCH = 4;
/** A step costs a turn of the event loop and a message: it is taken when this much has passed, and at the end. */
const STEP_MS = 30;

export const analyzeBinarizerMeans: Compute<typeof BINARIZER_MEANS> = async (
  { modelId, layer, head, fit, images: wanted },
  { model: modelOf, samples, step },
) => {
  const model = modelOf(modelId);
  const chosen = (await samples(wanted)).map(({ pixels }) => pixels);
  const sums = new BinarizerSums();
  let steppedMs = performance.now();
  for (let start = 0; start < chosen.length; start += BATCH) {
    const batch = chosen.slice(start, start + BATCH);
    const recorded = await recordStages(model, batch, layer, HEAD_STAGES);
    const windows = windowCount(recorded, batch.length);
    for (const image of batch.keys()) {
      for (let window = 0; window < windows; window++)
        sums.add(headOf(recorded, batch.length, { image, head, window }), fit);
      sums.countImage();
      const done = start + image + 1;
      if (done < chosen.length && performance.now() - steppedMs < STEP_MS) continue;
      await step({ what: 'images binarized in seven ways', done, total: chosen.length, partial: sums.means() });
      steppedMs = performance.now();
    }
  }
  return sums.means();
};

export const binarizerMeansCompute = register(BINARIZER_MEANS, analyzeBinarizerMeans);

const MEASURES = ['density', 'tauB', 'error', 'passShare'] as const;
type Measure = (typeof MEASURES)[number];

interface Running {
  sum: number;
  defined: number;
}

/** The fit is made anew for every image: parameters that come from the data come from the image at hand. */
export class BinarizerSums {
  private images = 0;
  private rows = 0;
  private readonly running = ATTENTION_BINARIZERS.map(
    () => Object.fromEntries(MEASURES.map((measure) => [measure, { sum: 0, defined: 0 }])) as Record<Measure, Running>,
  );

  add(head: AttentionHead, fit: BinarizerFit): void {
    const { tokens, attention } = head;
    const rows = Array.from({ length: tokens }, (_, i) => matrixRow(attention, tokens, i));
    const ranks = rows.map(averageRanks);
    for (const [which, binarizer] of ATTENTION_BINARIZERS.entries()) {
      const { values, passShare } = binarizer.binarize(head, fit);
      for (const [i, row] of rows.entries()) {
        const binarized = matrixRow(values, tokens, i);
        this.take(which, 'density', densityOf(binarized));
        this.take(which, 'tauB', tauBOf(ranks[i] ?? null, binarized));
        this.take(which, 'error', relativeFrobenius(row, binarized));
        this.take(which, 'passShare', passShare(i));
      }
    }
    this.rows += tokens;
  }

  countImage(): void {
    this.images++;
  }

  means(): BinarizerMeans {
    const cell = ({ sum, defined }: Running): CellValue => ({
      value: defined === 0 ? null : sum / defined,
      definedRows: defined,
      totalRows: this.rows,
    });
    return {
      images: this.images,
      means: ATTENTION_BINARIZERS.flatMap(({ id }, which) => {
        const of = this.running[which];
        if (of === undefined) return [];
        const { density, tauB, error, passShare } = of;
        return [{ id, density: cell(density), tauB: cell(tauB), error: cell(error), passShare: cell(passShare) }];
      }),
    };
  }

  private take(which: number, measure: Measure, value: number | null): void {
    const running = this.running[which]?.[measure];
    if (running === undefined || value === null) return;
    running.sum += value;
    running.defined++;
  }
}

/** Kendall's tau-b from the ranks of the row before, which seven binarizers share; `null` where either row is constant. */
function tauBOf(ranks: Float64Array | null, row: NumberRow): number | null {
  const first = row[0];
  if (ranks === null || row.every((value) => value === first)) return null;
  const others = averageRanks(row);
  return others === null ? null : tauBOfCounts(pairCountsOfRanks(ranks, others));
}
