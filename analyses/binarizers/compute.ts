/** One row of one head through every binarizer, each with what it keeps of the row. */
import { register, type Compute } from '@/engine/compute';
import { BINARIZERS, type BinarizedRow } from '@/analyses/binarizers/protocol';
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { kendallTauB } from '@/lib/metrics/kendall-tau-b';
import { relativeFrobenius } from '@/lib/metrics/relative-frobenius';
import type { AttentionBinarizer, AttentionHead } from '@/lib/quantizers/attention-binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention-binarizers';
import type { BinarizerRecord } from '@/lib/quantizers/attention-binarizer';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import { HEAD_STAGES, headOf, recordStages, stageOf } from '@/models/recorded-stages';

/** The row is the model's own softmaxed attention, before any quantizer of its own. */
export const analyzeBinarizers: Compute<typeof BINARIZERS> = async (
  { modelId, layer, head: index, query: row, fit },
  { image, model: modelOf, step },
) => {
  await step({ what: 'the attention of the head', done: 0, total: 1, partial: null });
  const model = modelOf(modelId);
  const recorded = await recordStages(model, [image], layer, HEAD_STAGES);
  // Of a Swin the query's window: rows stand window by window.
  const keys = stageOf(recorded, 'attention').shape[3] ?? 1;
  const head = headOf(recorded, 1, { image: 0, head: index, window: Math.floor(row / keys) });
  const query = row % keys;
  const attention = matrixRow(head.attention, head.tokens, query);
  return {
    attention: Float32Array.from(attention),
    rows: ATTENTION_BINARIZERS.map((binarizer) => binarizedRow(binarizer, head, query, fit)),
  };
};

export const binarizersCompute = register(BINARIZERS, analyzeBinarizers);

/** @throws RangeError for a query that the head does not have, and as `AttentionBinarizer.binarize` */
function binarizedRow(
  binarizer: AttentionBinarizer,
  head: AttentionHead,
  query: number,
  fit: BinarizerFit,
): BinarizedRow {
  const before = matrixRow(head.attention, head.tokens, query);
  const { values, parameters, passShare } = binarizer.binarize(head, fit);
  const after = matrixRow(values, head.tokens, query);
  return {
    ...recordOf(binarizer),
    values: Float32Array.from(after),
    parameters,
    density: densityOf(after),
    tauB: kendallTauB(before, after),
    error: relativeFrobenius(before, after),
    passShare: passShare(query),
    passNote: binarizer.passNote,
  };
}

export function recordOf({ id, name, bits, equation, source }: BinarizerRecord): BinarizerRecord {
  return { id, name, bits, equation, source };
}

/** Share of entries that are not 0. */
export function densityOf(row: NumberRow): number {
  let filled = 0;
  for (let j = 0; j < row.length; j++) if (at(row, j) !== 0) filled++;
  return filled / row.length;
}
