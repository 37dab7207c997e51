'use client';

import { useState } from 'react';
import { LossInspectorPanel } from '@/analyses/ranking/loss-inspector-panel';
import type { KeyPair } from '@/analyses/ranking/pair-choice';
import { RankingPanel } from '@/analyses/ranking/ranking-panel';
import { SlopegraphPanel } from '@/analyses/ranking/slopegraph-panel';
import { Staged } from '@/components/analysis/staged';

/** Enough keys to see an order, few enough to read each. */
const START_K = 8;

/** The second cause: does each student keep the order of the teacher's rows? Per layer, in one row, and in what the ranking loss does. */
export default function RankingTab() {
  const [k, setK] = useState(START_K);
  const [pair, setPair] = useState<KeyPair | null>(null);
  return (
    <Staged>
      <RankingPanel k={k} onK={setK} />
      <SlopegraphPanel k={k} onK={setK} onPair={setPair} />
      <LossInspectorPanel pair={pair} onPair={setPair} />
    </Staged>
  );
}
