/** What the live view says of itself. */
import { tokenLabel } from '@/components/analysis/trace-row';
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import type { LiveReport } from '@/state/live-loop';
import { formatFixed, formatMs, formatPercent } from '@/lib/viz/format';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import { strongestToken } from './live-sources';

/** The query's row, over all tokens of its layer. */
export interface LiveRow {
  readonly geometry: PatchGeometry;
  readonly token: number;
  readonly attention: ArrayLike<number>; // [tokens], NaN outside of the query's window
}

/** One frame in a few sentences, for those who cannot see it or who want to read it in peace. */
export function describeFrame(
  { frame, statistics }: LiveReport,
  modelName: string,
  classNames: readonly string[],
  { geometry, token, attention }: LiveRow,
): string {
  const probabilities = Array.from(softmaxRow(frame.logits) ?? []);
  const order = probabilities.map((_, i) => i).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  const top = order.slice(0, 3).map((i) => `${classNames[i] ?? i} ${formatPercent(probabilities[i], 0)}`);
  const strongest = strongestToken(attention);
  const rate =
    statistics.framesPerSecond > 1
      ? ` ${statistics.framesPerSecond} frames in the last second, ${formatMs(statistics.frameMs)} each.`
      : '';
  return `${modelName} sees ${top.join(', ')}. ${tokenLabel(token, geometry)} looks most at ${tokenLabel(strongest, geometry)}, with ${formatFixed(attention[strongest], 3)} of its attention.${rate}`;
}

/** `the mean over heads`, `head 3`. */
export function headName(head: number | null): string {
  return head === null ? 'the mean over heads' : `head ${head + 1}`;
}
