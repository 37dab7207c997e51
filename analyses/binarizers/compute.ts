/** One row of one head through every binarizer, with what each keeps of it. */
import { register, type Compute } from '@/engine/compute';
import { BINARIZERS } from '@/analyses/binarizers/protocol';
import { matrixRow } from '@/lib/math/number-row';
import { measuresOf, rankedRow } from '@/analyses/binarizers/measure-row';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention/binarizers';
import { HEAD_STAGES, headOf, recordStages, stageOf } from '@/models/recorded-stages';

/** The row is the model's own softmaxed attention, before any quantizer. */
export const analyzeBinarizers: Compute<typeof BINARIZERS> = async (
  { modelId, layer, head: index, query: row, fit },
  { image, model: modelOf, step },
) => {
  await step({ what: 'the attention of the head', done: 0, total: 1, partial: null });
  const recorded = await recordStages(modelOf(modelId), [image], layer, HEAD_STAGES);
  // Rows of a Swin are ordered window by window.
  const keys = stageOf(recorded, 'attention').shape[3] ?? 1;
  const head = headOf(recorded, 1, { image: 0, head: index, window: Math.floor(row / keys) });
  const query = row % keys;
  const attention = matrixRow(head.attention, head.tokens, query);
  const before = rankedRow(attention);
  return {
    attention: Float32Array.from(attention),
    rows: ATTENTION_BINARIZERS.map((binarizer) => {
      const { values, parameters, passShare } = binarizer.binarize(head, fit);
      const after = matrixRow(values, head.tokens, query);
      const measures = measuresOf(before, after, passShare(query));
      return { id: binarizer.id, values: Float32Array.from(after), parameters, ...measures };
    }),
  };
};

export const binarizersCompute = register(BINARIZERS, analyzeBinarizers);
