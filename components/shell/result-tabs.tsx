'use client';

import { Activity, useDeferredValue, type ReactNode } from 'react';
import { LazyTab } from '@/components/shell/lazy-tab';
import { SelectionBar } from '@/components/shell/selection-bar';
import { TabList, tabId, tabPanelId, type TabItem } from '@/components/ui/tab-list';
import type { PanelId } from '@/state/selection-types';
import { useAppState, useActions } from '@/state/use-app-state';
import classes from './result-tabs.module.css';

/** The story in steps: what happens, its two causes, what follows, what it is done for, and all of it at work. */
const TABS: readonly TabItem<PanelId>[] = [
  { id: 'attention', label: 'Attention', subtitle: 'what breaks: where each query looks' },
  { id: 'gradient', label: 'Gradient', subtitle: 'cause 1: what softmax and clipping let through' },
  { id: 'ranking', label: 'Ranking', subtitle: 'cause 2: whose order survives' },
  { id: 'binarizers', label: 'Binarizers', subtitle: 'seven ways to make a row binary' },
  { id: 'attribution', label: 'Attribution', subtitle: 'what the answer rests on, and which head to mend' },
  { id: 'precision', label: 'Precision', subtitle: 'at how few bits it breaks' },
  { id: 'cost', label: 'Cost', subtitle: 'what one bit saves: operations, bytes' },
  { id: 'live', label: 'Live', subtitle: 'a model at work, frame by frame' },
];

/**
 * The results, a tab at a time. Attention is the first picture and stays in the document, hidden: its many canvases are
 * slow to make anew. The other tabs come with their own code when they are opened, and run nothing while they are not.
 *
 * @param children the attention tab
 */
export function ResultTabs({ children }: { readonly children: ReactNode }) {
  const panel = useAppState((state) => state.selection.panel);
  // The tab itself answers at once; what it opens is drawn in pieces.
  const drawn = useDeferredValue(panel);
  const { select } = useActions();
  return (
    <div className={classes.tabs}>
      <TabList label="What to look at" tabs={TABS} selected={panel} onSelect={(chosen) => select({ panel: chosen })} />
      <Activity mode={drawn === 'attention' ? 'visible' : 'hidden'}>
        <div role="tabpanel" id={tabPanelId('attention')} aria-labelledby={tabId('attention')}>
          {children}
        </div>
      </Activity>
      {drawn !== 'attention' && (
        <div role="tabpanel" id={tabPanelId(drawn)} aria-labelledby={tabId(drawn)} className={classes.panel}>
          {/* What a model costs depends on no layer, head or query. */}
          {drawn !== 'cost' && <SelectionBar panel={drawn} />}
          <LazyTab key={drawn} id={drawn} />
        </div>
      )}
    </div>
  );
}
