'use client';

import { useState } from 'react';
import { LossInspectorPanel } from '@/components/panels/ranking/loss-inspector-panel';
import type { KeyPair } from '@/components/panels/ranking/pair-choice';
import { RankingPanel } from '@/components/panels/ranking/ranking-panel';
import { SlopegraphPanel } from '@/components/panels/ranking/slopegraph-panel';
import shared from '../panels.module.css';

/** Enough keys to see an order, few enough to read each. */
const START_K = 8;

/** The second cause: does each student keep the order of the teacher's rows? Per layer, in one row, and in what the ranking loss does. */
export default function RankingTab() {
  const [k, setK] = useState(START_K);
  const [pair, setPair] = useState<KeyPair | null>(null);
  return (
    <div className={shared.stack}>
      <RankingPanel k={k} onK={setK} />
      <SlopegraphPanel k={k} onK={setK} onPair={setPair} />
      <LossInspectorPanel pair={pair} onPair={setPair} />
    </div>
  );
}
