'use client';

import { FlowPanel } from '@/components/panels/gradient/flow-panel';
import { MicroscopePanel } from '@/components/panels/gradient/microscope-panel';
import { StePanel } from '@/components/panels/gradient/ste-panel';
import { selectTargetClass } from '@/lib/store/derived';
import { useAnalysis } from '@/lib/store/use-analysis';
import { useLens } from '@/lib/store/use-lens';
import shared from '../panels.module.css';

/** The first cause: how little gradient gets through a binarized attention, and where it is lost. */
export default function GradientTab() {
  const view = useAnalysis('gradients', { target: useLens(selectTargetClass) });
  return (
    <div className={shared.stack}>
      <FlowPanel view={view} />
      <MicroscopePanel view={view} />
      <StePanel />
    </div>
  );
}
