'use client';

import type { Precision } from '@/analyses/precision/protocol';
import { useState } from 'react';
import { CurvePanel } from './curve-panel';
import { DialPanel } from './dial-panel';
import { BINARY_ATTENTION } from './precision-settings';
import { Staged } from '@/components/analysis/staged';

/** The teacher quantized after training, bit by bit: one picture under the dial, and the accuracy over its settings. */
export default function PrecisionTab() {
  const [precision, setPrecision] = useState<Precision>(BINARY_ATTENTION);
  return (
    <Staged>
      <DialPanel precision={precision} onChange={setPrecision} />
      <CurvePanel precision={precision} onChange={setPrecision} />
    </Staged>
  );
}
