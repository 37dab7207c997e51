/**
 * What the plot of a quantizer says, in words.
 */
import { formatCount, formatPercent } from '@/lib/viz/format';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';

/** Below this share hardly anything is trained; above its complement hardly anything is lost. */
const HARDLY = 0.05;

/**
 * How many of its inputs get a gradient. Where nothing is counted: why, in the study's own words.
 */
export function steSentence({ inputs, whyNoInputs }: QuantizerView): string {
  if (inputs === null) return whyNoInputs ?? 'Its inputs are not at hand, so there is nothing to count.';
  const { insideShare, total, what, outside } = inputs;
  const counted = `Counted over ${formatCount(total)} values: ${what}`;
  const beyond = outside === 0 ? '' : ` (${formatCount(outside)} beyond the plot)`;
  return `${gradientSentence(insideShare)} ${counted}${beyond}.`;
}

function gradientSentence(share: number | null): string {
  if (share === null) return 'What share of them gets a gradient is not defined here (n/a).';
  if (share === 0) return 'No input lies in the window: nothing before this quantizer is trained through it.';
  if (share === 1) return 'Every input lies in the window: each gets its gradient.';
  // Of the number that is written, so that the two add up to 100.
  const written = Math.round(1000 * share) / 1000;
  const inside = formatPercent(written);
  const outside = formatPercent(1 - written);
  if (share < HARDLY)
    return `Only ${inside} of the inputs lie in the window; the other ${outside} get no gradient at all.`;
  if (share > 1 - HARDLY) return `${inside} of the inputs lie in the window; only ${outside} get no gradient.`;
  return `${inside} of the inputs lie in the window and get their gradient; the other ${outside} get none.`;
}
