import type { PrecisionPicture } from '@/analyses/precision/protocol';
import type { FormulaCardProps } from '@/components/ui/formula-card';
import { formatTerm } from '@/components/analysis/metric-card';
import { differenceCard, entryLabel, softmaxedEntryCard } from '@/components/analysis/entry-card';
import { attentionRow, keyOf, type RowPlace } from '@/components/analysis/trace-row';
import type { ModelFamily } from '@/models/families/family';
import { formatBits } from '@/lib/viz/format';
import { ATTENTION_RULES } from './precision-rules';

/** The formula behind one entry of the quantized map; at 32 bits it is the softmax itself. */
export function dialEntryCard(
  { precision, trace }: PrecisionPicture,
  place: RowPlace,
  token: number,
  family: ModelFamily,
): FormulaCardProps | null {
  const key = keyOf(trace, place, token);
  if (key === null) return null;
  const before = attentionRow(trace, place, 'softmaxed')?.[key];
  const after = attentionRow(trace, place, 'binarized')?.[key];
  if (before === undefined || after === undefined) return softmaxedEntryCard('teacher', trace, place, token, family);
  const rule = precision.attention === 1 ? ATTENTION_RULES.oneBit : ATTENTION_RULES.uniform;
  return {
    title: rule.label,
    latex: rule.latex,
    source: rule.source,
    terms: [
      { symbol: 'p', value: formatTerm(before) },
      { symbol: '\\hat p', value: formatTerm(after) },
    ],
    note: `The teacher at ${formatBits(precision.attention)} of attention, ${entryLabel(place, token, family)}; p with the dial’s weights and activations.`,
  };
}

/** The dial's map minus the teacher's at one key. */
export function dialDifferenceCard(
  place: RowPlace,
  token: number,
  dialled: number,
  teacher: number,
  family: ModelFamily,
): FormulaCardProps {
  return {
    ...differenceCard(place, token, dialled, teacher, family),
    latex: '\\hat p_j - p_j',
    note: `The teacher at the dial minus the teacher at 32 bits, ${entryLabel(place, token, family)}.`,
  };
}
