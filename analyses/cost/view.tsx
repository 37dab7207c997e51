'use client';

import { useState } from 'react';
import { useAppState } from '@/state/use-app-state';
import { Staged } from '@/components/analysis/staged';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL } from '@/lib/accounting/precision';
import { AccountPanel } from './account-panel';
import { ChoicePanel } from './choice-panel';
import { chosenConfig, FIRST_CHOICE, nameOf, type CostChoice } from './cost-choice';
import { OperationsPanel } from './operations-panel';
import { RatioPanel } from './ratio-panel';

/** What binarization is done for: operations and bytes, in theory; and how far that is from a measured time. */
export default function CostTab() {
  const [choice, setChoice] = useState<CostChoice>(FIRST_CHOICE);
  const family = useAppState((state) => state.family);
  const config = chosenConfig(choice, family);
  const name = choice.architecture === 'custom' ? 'a model of your own' : nameOf(choice.architecture, family);
  // A few hundred sums at most: cheaper than remembering them.
  const cost = countCost(config, choice.bits);
  return (
    <Staged>
      <ChoicePanel choice={choice} config={config} family={family} onChange={setChoice} />
      <RatioPanel architecture={choice.architecture} name={name} config={config} cost={cost} />
      <OperationsPanel cost={cost} real={countCost(config, ALL_REAL)} />
      <AccountPanel cost={cost} />
    </Staged>
  );
}
