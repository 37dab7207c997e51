'use client';

import { DistancePanel } from '@/analyses/attention-distance/distance-panel';
import { Staged } from '@/components/analysis/staged';

/** Local heads and global heads, and what binarization leaves of the difference. */
export default function AttentionDistanceTab() {
  return (
    <Staged>
      <DistancePanel />
    </Staged>
  );
}
