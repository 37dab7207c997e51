'use client';

import { FlowPanel } from '@/components/panels/gradient/flow-panel';
import { MicroscopePanel } from '@/components/panels/gradient/microscope-panel';
import { StePanel } from '@/components/panels/gradient/ste-panel';
import { selectTargetClass } from '@/lib/store/derived';
import { useAnalysis } from '@/lib/store/use-analysis';
import { useLens } from '@/lib/store/use-lens';
import { Staged } from '@/components/panels/staged';

/** The first cause: how little gradient gets through a binarized attention, and where it is lost. */
export default function GradientTab() {
  const view = useAnalysis('gradients', { target: useLens(selectTargetClass) });
  return (
    <Staged>
      <FlowPanel view={view} />
      <MicroscopePanel view={view} />
      <StePanel />
    </Staged>
  );
}
