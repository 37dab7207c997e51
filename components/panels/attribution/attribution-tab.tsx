'use client';

import { RepairPanel } from './repair-panel';
import { RolloutPanel } from './rollout-panel';
import shared from '../panels.module.css';

/** What each input token is worth to the answer: by rollout through all layers, and by putting attention back and running on. */
export default function AttributionTab() {
  return (
    <div className={shared.stack}>
      <RolloutPanel />
      <RepairPanel />
    </div>
  );
}
