'use client';

import { RepairPanel } from './repair-panel';
import { RolloutPanel } from './rollout-panel';
import { Staged } from '@/components/analysis/staged';

/** What each input token is worth to the answer: by rollout through all layers, and by putting attention back and running on. */
export default function AttributionTab() {
  return (
    <Staged>
      <RolloutPanel />
      <RepairPanel />
    </Staged>
  );
}
