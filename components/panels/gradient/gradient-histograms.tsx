import type { FlowId } from '@/components/panels/gradient/flow-quantity';
import type { GradientStudy } from '@/lib/worker/analysis';

export interface GradientHistogramsProps {
  readonly study: GradientStudy;
  readonly flowId: FlowId;
}

/** Filled in below. */
export function GradientHistograms(_: GradientHistogramsProps) {
  return null;
}
