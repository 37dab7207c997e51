import type { PairHinge } from '@/lib/metrics/ranking-hinge';
import { formatNumber } from '@/lib/viz/format';

/** What the loss makes of a pair, for someone who sees it for the first time. */
export function lossSentence(hinge: PairHinge | null, margin: number, student: string): string {
  if (hinge === null) return 'n/a: a score of this pair is not a finite number.';
  const { order, lead, loss } = hinge;
  if (order === 0) {
    return `The teacher ties i and j, so there is no order to teach: the loss stays at the margin, ${formatNumber(margin)}, and pulls at neither score.`;
  }
  const [first, second] = order > 0 ? ['i', 'j'] : ['j', 'i'];
  const teacher = `The teacher puts ${first} before ${second}.`;
  const mine =
    lead > 0
      ? `${student} does so too, by ${formatNumber(lead)}`
      : lead < 0
        ? `${student} has them the other way round, by ${formatNumber(-lead)}`
        : `${student} gives both the same score`;
  if (loss === 0) return `${teacher} ${mine}: that is at least the margin, so the loss is 0 and nothing is pulled.`;
  const why = lead > 0 ? `, which is less than the margin` : '';
  return `${teacher} ${mine}${why}: a step of descent raises ${first} and lowers ${second} by the same amount.`;
}
