'use client';

import { GRADIENTS } from '@/analyses/gradient/protocol';
import { FlowPanel } from '@/analyses/gradient/flow-panel';
import { MicroscopePanel } from '@/analyses/gradient/microscope-panel';
import { StePanel } from '@/analyses/gradient/ste-panel';
import { selectTargetClass } from '@/state/derived';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { Staged } from '@/components/analysis/staged';

/** The first cause: how little gradient gets through a binarized attention, and where it is lost. */
export default function GradientTab() {
  const view = useAnalysis(GRADIENTS, { target: useAppState(selectTargetClass) });
  return (
    <Staged>
      <FlowPanel view={view} />
      <MicroscopePanel view={view} />
      <StePanel />
    </Staged>
  );
}
