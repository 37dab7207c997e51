/** What the live view says of itself. */
import { geometryAt, tokenLabel } from '@/components/analysis/trace-row';
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import { FAMILY_SUBJECT } from '@/state/subject';
import type { LiveReport } from '@/state/live-loop';
import { formatFixed, formatMs, formatPercent } from '@/lib/viz/format';
import { strongestToken } from './live-sources';

const GEOMETRY = geometryAt(FAMILY_SUBJECT, 0);

/** One frame in a few sentences, for those who cannot see it or who want to read it in peace. */
export function describeFrame(
  { frame, question, statistics }: LiveReport,
  modelName: string,
  classNames: readonly string[],
): string {
  const probabilities = Array.from(softmaxRow(frame.logits) ?? []);
  const order = probabilities.map((_, i) => i).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  const top = order.slice(0, 3).map((i) => `${classNames[i] ?? i} ${formatPercent(probabilities[i], 0)}`);
  const strongest = strongestToken(frame.attention);
  const rate =
    statistics.framesPerSecond > 1
      ? ` ${statistics.framesPerSecond} frames in the last second, ${formatMs(statistics.frameMs)} each.`
      : '';
  return `${modelName} sees ${top.join(', ')}. ${tokenLabel(question.query, GEOMETRY)} looks most at ${tokenLabel(strongest, GEOMETRY)}, with ${formatFixed(frame.attention[strongest], 3)} of its attention.${rate}`;
}

/** `the mean over heads`, `head 3`. */
export function headName(head: number | null): string {
  return head === null ? 'the mean over heads' : `head ${head + 1}`;
}
