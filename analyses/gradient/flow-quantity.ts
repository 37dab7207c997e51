import type { MemberId } from '@/models/families/family';
import type { GradientStudy, ModelGradients } from '@/analyses/gradient/protocol';
import type { Series } from '@/components/charts/series-lines';
import type { ValueScale } from '@/lib/viz/value-axis';
import { modelName } from '@/components/analysis/model-names';
import { gradAttentionFormula, gradQFormula, gradScoresFormula } from '@/lib/metrics/gradient-flow';
import type { Formula } from '@/lib/metrics/formula';
import { logitGradientNorm } from '@/lib/metrics/logit-gradient';
import { softmaxSlopeFormula } from '@/lib/metrics/softmax-slope';
import { stePassShareFormula } from '@/lib/metrics/ste-pass-share';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';

/** What the flow panel can draw: norms of a gradient, shares of entries that pass a quantizer, and the softmax's own slope. */
export type FlowId =
  'gradScores' | 'gradAttention' | 'gradQ' | 'passQ' | 'passK' | 'passV' | 'passAttention' | 'softmaxSlope';

export interface FlowQuantity {
  readonly kind: 'norm' | 'pass' | 'slope';
  /** For the control. */
  readonly short: string;
  /** For the axis. */
  readonly long: string;
  /** As it stands in a sentence: `q`, `the scores`. */
  readonly noun: string;
  readonly scale: ValueScale;
  readonly read: (flow: HeadFlow) => number | null;
  readonly formula: Formula;
}

const norm = { kind: 'norm', scale: { kind: 'log' } } as const;
const pass = { kind: 'pass', scale: { kind: 'linear', min: 0, max: 1 }, formula: stePassShareFormula } as const;

/** A row of N keys has its largest mean slope where it is flat: (N - 1) / N^2. */
export function flatSlope(keys: number): number {
  return (keys - 1) / keys ** 2;
}

export const FLOW: { readonly [Id in FlowId]: FlowQuantity } = {
  gradScores: {
    ...norm,
    short: '|∂L/∂ scores|',
    long: 'norm of the gradient at the scores, before the softmax',
    noun: 'the scores',
    read: (flow) => flow.gradScores,
    formula: gradScoresFormula,
  },
  gradAttention: {
    ...norm,
    short: '|∂L/∂ attention|',
    long: 'norm of the gradient at the attention, after the softmax',
    noun: 'the attention',
    read: (flow) => flow.gradAttention,
    formula: gradAttentionFormula,
  },
  gradQ: {
    ...norm,
    short: '|∂L/∂q|',
    long: 'norm of the gradient at q, before its quantizer',
    noun: 'q',
    read: (flow) => flow.gradQ,
    formula: gradQFormula,
  },
  passQ: { ...pass, short: 'q', long: 'share of q inside its window', noun: 'q', read: ({ passShare }) => passShare.q },
  passK: { ...pass, short: 'k', long: 'share of k inside its window', noun: 'k', read: ({ passShare }) => passShare.k },
  passV: { ...pass, short: 'v', long: 'share of v inside its window', noun: 'v', read: ({ passShare }) => passShare.v },
  passAttention: {
    ...pass,
    short: 'attention',
    long: 'share of the attention inside its window',
    noun: 'attention',
    read: ({ passShare }) => passShare.attention,
  },
  softmaxSlope: {
    kind: 'slope',
    short: 'mean p(1 − p)',
    long: 'mean slope of the softmax; a flat row of N keys has the most, (N − 1) / N²',
    noun: 'the softmax',
    scale: { kind: 'linear', min: 0, max: 0.02 },
    read: (flow) => flow.softmaxSlope,
    formula: softmaxSlopeFormula,
  },
};

export function formatFlow({ kind }: FlowQuantity, value: number | null): string {
  return kind === 'pass' ? formatPercent(value) : formatNumber(value);
}

/** Models of which a study knows something, in the family's order. */
export function modelsOf({ models }: GradientStudy): readonly MemberId[] {
  return Object.keys(models);
}

/** Arithmetic mean over the heads of a layer; `null` where it is undefined in one, or there is none. */
export function layerMean(heads: readonly HeadFlow[], { read }: FlowQuantity): number | null {
  let sum = 0;
  for (const head of heads) {
    const value = read(head);
    if (value === null) return null;
    sum += value;
  }
  return heads.length === 0 ? null : sum / heads.length;
}

/** What a norm is measured in: as it was recorded, or in units of the gradient that starts at the model's own logits. */
export type FlowUnit = 'recorded' | 'logits';

/** What a model's numbers are divided by; `null` where that is undefined, or 0: nothing starts, so nothing can be compared. */
function unitOf(gradients: ModelGradients, { kind }: FlowQuantity, unit: FlowUnit): number | null {
  if (unit === 'recorded' || kind !== 'norm') return 1;
  const { loss, trace } = gradients;
  return logitGradientNorm(trace.logits, loss.classIndex) || null;
}

/** A number of every model, in its unit. */
export type FlowReader = (flow: readonly (readonly HeadFlow[])[]) => readonly (number | null)[];

/** One value for each layer: the mean over its heads. */
export const byLayer =
  (quantity: FlowQuantity): FlowReader =>
  (flow) =>
    flow.map((heads) => layerMean(heads, quantity));

/** One value for each head of a layer. */
export const byHead =
  (quantity: FlowQuantity, layer: number): FlowReader =>
  (flow) =>
    (flow[layer] ?? []).map(quantity.read);

/** All models on one axis. */
export function flowSeries(
  study: GradientStudy,
  quantity: FlowQuantity,
  unit: FlowUnit,
  read: FlowReader,
): readonly Series[] {
  return modelsOf(study).flatMap((id) => {
    const gradients = study.models[id];
    if (gradients === undefined) return [];
    const divisor = unitOf(gradients, quantity, unit);
    const values = read(gradients.flow).map((value) => (value === null || divisor === null ? null : value / divisor));
    return [{ id, name: modelName(id), model: id, values }];
  });
}
