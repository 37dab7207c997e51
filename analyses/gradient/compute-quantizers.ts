/**
 * Every quantizer of one layer and head, with its surrogate derivative over its real inputs; and those that the model does not have,
 * over the same attention.
 *
 * The teacher quantizes nothing. It gets the students' quantizers over its own activations, with alpha at the official start: what
 * they would do to it, as `what` says.
 */
import { register, type Compute } from '@/engine/compute';
import { QUANTIZERS } from '@/analyses/gradient/protocol';
import { biRealSign } from '@/lib/quantizers/bi-real-sign';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import { activationView, attentionViews, qKOnlyView } from '@/analyses/gradient/attention-views';
import { viewWithValues } from '@/analyses/gradient/quantizer-view';
import {
  attentionBlock,
  HEAD_STAGES,
  headOf,
  headValues,
  recordStages,
  stageOf,
  windowCount,
  type RecordedStages,
} from '@/models/recorded-stages';
import { signOfZeroOf, weightViews } from '@/analyses/gradient/weight-views';
import { BLOCK_LINEARS } from '@/models/families/latents';
import type { Model } from '@/models/model';

const STAGES = [...HEAD_STAGES, 'v', ...BLOCK_LINEARS.map((linear) => `${linear}_input`)];

export const analyzeQuantizers: Compute<typeof QUANTIZERS> = async (
  { modelId, layer, head },
  { image, model: modelOf, latents, step },
) => {
  await step({ what: 'the inputs of the quantizers', done: 0, total: 1, partial: null });
  const model = modelOf(modelId);
  const recorded = await recordStages(model, [image], layer, STAGES);
  return {
    quantizers: [
      ...inputViews(recorded, model, layer),
      ...(await weightViews(model, modelId, layer, latents)),
      ...(await headViews(recorded, model, layer, head)),
    ],
  };
};

export const quantizersCompute = register(QUANTIZERS, analyzeQuantizers);

/** What is counted, in words; the teacher does not quantize it. */
function whatOf(model: Model, what: string): string {
  return model.quantization.name === 'none'
    ? `${what}, this picture; this model quantizes nothing, so this is what would happen`
    : `${what}, this picture`;
}

function inputViews(recorded: RecordedStages, model: Model, layer: number): readonly QuantizerView[] {
  return BLOCK_LINEARS.map((linear) => {
    const sketch = {
      id: `${linear}-input`,
      slot: 'linear-input',
      quantizer: biRealSign,
      parameters: { signOfZero: signOfZeroOf(model) },
      suffix: linear,
      shown: [],
      marks: [-1, 1],
    } as const;
    const what = whatOf(model, `input of ${linear} in layer ${layer + 1}, all tokens and channels`);
    return viewWithValues(sketch, stageOf(recorded, `${linear}_input`).values, what);
  });
}

async function headViews(
  recorded: RecordedStages,
  model: Model,
  layer: number,
  index: number,
): Promise<readonly QuantizerView[]> {
  const piece = { image: 0, head: index };
  const head = headOf(recorded, 1, piece);
  const { qAct, kAct, vAct, attnAct } = quantizersOf(model, layer);
  const isWindowed = windowCount(recorded, 1) > 1;
  const where = `of layer ${layer + 1}, head ${index + 1}${isWindowed ? ', the first window' : ''}`;
  const v = headValues(recorded, 1, piece, 'v'); // [N, D]
  const what = (values: string): string => whatOf(model, `${values} ${where}`);
  return [
    await activationView('q', qAct, index, head.q, what('q')),
    await activationView('k', kAct, index, head.k, what('k')),
    await activationView('v', vAct, index, v, what('v')),
    ...(await attentionViews(attnAct, index, head, { attention: what('attention'), scores: what('scores') })),
    ...(['q', 'k'] as const).map((side) =>
      qKOnlyView(side, head[side], what(side), { id: `q-k-only-${side}`, slot: 'elsewhere', suffix: side }),
    ),
  ];
}

function quantizersOf(model: Model, layer: number): NonNullable<Model['blocks'][number]['quantizers']> {
  const { quantizers } = attentionBlock(model, layer);
  if (quantizers === null) throw new RangeError(`layer ${layer} has no attention`);
  return quantizers;
}
