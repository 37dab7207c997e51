import type { MemberId } from '@/models/families/family';
import type { FormulaCardProps } from '@/components/ui/formula-card';
import { formatTerm, metricCard } from '@/components/analysis/metric-card';
import { modelName } from '@/components/analysis/model-names';
import {
  attentionRow,
  geometryAt,
  headMatrix,
  keyOf,
  placeLabel,
  stageRow,
  tokenLabel,
  type RowPlace,
} from '@/components/analysis/trace-row';
import type { ModelFamily } from '@/models/families/family';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';
import { attentionEntryFormula, explainSoftmaxEntry } from '@/lib/metrics/softmax-entry';
import type { Trace } from '@/engine/protocol';

/** Of elastic binarization, whoever chose alpha. */
export const ELASTIC_LATEX = '\\hat p_j = \\alpha_h \\operatorname{round}(\\operatorname{clip}(p_j / \\alpha_h, 0, 1))';

/**
 * The formula behind one entry of a map: how much the query attends to one key.
 */
export function softmaxedEntryCard(
  id: MemberId,
  trace: Trace,
  place: RowPlace,
  token: number,
  family: ModelFamily,
): FormulaCardProps | null {
  const scores = stageRow(trace, place, 'scores');
  const key = keyOf(trace, place, token);
  if (scores === null || key === null) return null;
  return metricCard(
    attentionEntryFormula,
    explainSoftmaxEntry(scores, key),
    `${modelName(id)}, ${entryLabel(place, token, family)}.`,
  );
}

/** `layer 3, head 2, query patch (3, 4), key CLS`. */
export function entryLabel(place: RowPlace, token: number, family: ModelFamily): string {
  return `${placeLabel(place, family)}, key ${tokenLabel(token, geometryAt(family, place.layer))}`;
}

/** The same after the attention binarizer; which formula that is depends on the model's quantization. */
export function binarizedEntryCard(
  id: MemberId,
  trace: Trace,
  place: RowPlace,
  token: number,
  family: ModelFamily,
): FormulaCardProps | null {
  const key = keyOf(trace, place, token);
  if (key === null) return null;
  const binarized = attentionRow(trace, place, 'binarized')?.[key];
  const softmaxed = attentionRow(trace, place, 'softmaxed')?.[key];
  if (binarized === undefined || softmaxed === undefined) return null;
  const common = {
    title: 'Binarized attention',
    note: `${modelName(id)}, ${entryLabel(place, token, family)}.`,
  };
  if (trace.config.quantization !== 'bi-vit-elastic') {
    return {
      ...common,
      latex:
        '\\alpha_h \\left( \\operatorname{sign}(\\operatorname{clip}(p/\\alpha_h + \\hat z_h, -1, 1)) - \\hat z_h \\right)',
      terms: [
        { symbol: 'p', value: formatTerm(softmaxed) },
        { symbol: '\\hat p', value: formatTerm(binarized) },
      ],
      source: { text: 'Bi-ViT, as in its released code', url: 'https://arxiv.org/abs/2305.12354' },
    };
  }
  const alpha = elasticAlpha(trace, place);
  const p = latexNumber(softmaxed);
  return {
    ...common,
    latex: ELASTIC_LATEX,
    ...(alpha === null
      ? {}
      : {
          substituted: `${latexNumber(alpha)} \\cdot \\operatorname{round}(\\operatorname{clip}(${p} / ${latexNumber(alpha)}, 0, 1)) = ${latexNumber(binarized)}`,
        }),
    terms: [
      { symbol: 'p_j', value: formatTerm(softmaxed) },
      {
        symbol: '\\alpha_h',
        value: alpha === null ? 'above every 2p of this head' : formatTerm(alpha),
      },
    ],
    source: { text: 'Elastic binarization, as in BiT (NeurIPS 2022)', url: 'https://arxiv.org/abs/2205.13016' },
  };
}

/** student − teacher at one key. */
export function differenceCard(
  place: RowPlace,
  token: number,
  student: number,
  teacher: number,
  family: ModelFamily,
): FormulaCardProps {
  return {
    title: 'Signed difference',
    latex: 's_j - t_j',
    substituted: `${latexNumber(student)} - ${latexOperand(teacher)} = ${latexNumber(student - teacher)}`,
    note: `Student minus teacher, ${entryLabel(place, token, family)}.`,
    source: { text: 'Plain subtraction, entry by entry', url: null },
  };
}

/** A trace does not carry alpha, but every entry that is on has its value; `null` where none is on. */
function elasticAlpha(trace: Trace, place: RowPlace): number | null {
  const largest = headMatrix(trace, place, 'attentionBinary')?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  return largest > 0 ? largest : null;
}
