/** The tabs, in the order of the story: what happens, its two causes, what follows, and what it is for. One line for each analysis. */
import type { AnalysisTab } from '@/components/shell/result-tabs';

const row = (
  id: string,
  label: string,
  subtitle: string,
  load: AnalysisTab['load'],
  { followsSelection = true, followsLoss = false } = {},
): AnalysisTab => ({ id, label, subtitle, load, followsSelection, followsLoss });

export const ATTENTION_TAB = {
  id: 'attention',
  label: 'Attention',
  subtitle: 'what breaks: where each query looks',
  followsSelection: true,
  followsLoss: false,
} as const satisfies Omit<AnalysisTab, 'load'>;

// prettier-ignore
export const ANALYSIS_TABS: readonly AnalysisTab[] = [
  row('gradient', 'Gradient', 'cause 1: what softmax and clipping let through', () => import('@/analyses/gradient/view'), { followsLoss: true }),
  row('ranking', 'Ranking', 'cause 2: whose order survives', () => import('@/analyses/ranking/view')),
  row('binarizers', 'Binarizers', 'published ways to make a row binary', () => import('@/analyses/binarizers/view')),
  row('attention-distance', 'Distance', 'how far each head looks', () => import('@/analyses/attention-distance/view')),
  row('attribution', 'Attribution', 'what the answer rests on, and which head to mend', () => import('@/analyses/attribution/view'), { followsLoss: true }),
  row('precision', 'Precision', 'at how few bits it breaks', () => import('@/analyses/precision/view')),
  row('cost', 'Cost', 'what one bit saves: operations, bytes', () => import('@/analyses/cost/view'), { followsSelection: false }),
  row('live', 'Live', 'a model at work, frame by frame', () => import('@/analyses/live/view')),
];
