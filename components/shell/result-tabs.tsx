'use client';

import { Activity, useDeferredValue, useMemo, type ComponentType, type ReactNode } from 'react';
import { LazyTab } from '@/components/shell/lazy-tab';
import { SelectionBar } from '@/components/shell/selection-bar';
import { TabList, tabId, tabPanelId } from '@/components/ui/tab-list';
import { useActions, useAppState } from '@/state/use-app-state';
import classes from './result-tabs.module.css';

/** One analysis as the page lists it. */
export interface AnalysisTab {
  /** Stands in the address. */
  readonly id: string;
  readonly label: string;
  /** What it shows, in a few words. */
  readonly subtitle: string;
  /** Its code comes when it is first opened. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /** Whether its numbers depend on layer, head and query. */
  readonly followsSelection: boolean;
  /** Whether they are of a loss, or of the logit of its class. */
  readonly followsLoss: boolean;
}

interface ResultTabsProps {
  /** The first is drawn in `children`. */
  readonly tabs: readonly [Omit<AnalysisTab, 'load'>, ...AnalysisTab[]];
  readonly children: ReactNode;
}

/**
 * The results, a tab at a time. The first stays in the document, hidden: its many canvases are slow to make anew. The others come with
 * their own code when they are opened, and run nothing while they are not.
 */
export function ResultTabs({ tabs, children }: ResultTabsProps) {
  const asked = useAppState((state) => state.selection.panel);
  const [first, ...lazy] = tabs;
  const selected = tabs.some(({ id }) => id === asked) ? asked : first.id;
  // The tab itself answers at once; what it opens is drawn in pieces.
  const drawn = useDeferredValue(selected);
  const { select } = useActions();
  const items = useMemo(() => tabs.map(({ id, label, subtitle }) => ({ id, label, subtitle })), [tabs]);
  const tab = lazy.find(({ id }) => id === drawn);
  return (
    <div className={classes.tabs}>
      <TabList label="What to look at" tabs={items} selected={selected} onSelect={(panel) => select({ panel })} />
      <Activity mode={tab === undefined ? 'visible' : 'hidden'}>
        <div role="tabpanel" id={tabPanelId(first.id)} aria-labelledby={tabId(first.id)}>
          {children}
        </div>
      </Activity>
      {tab !== undefined && (
        <div role="tabpanel" id={tabPanelId(tab.id)} aria-labelledby={tabId(tab.id)} className={classes.panel}>
          {tab.followsSelection && <SelectionBar followsLoss={tab.followsLoss} />}
          <LazyTab key={tab.id} id={tab.id} load={tab.load} />
        </div>
      )}
    </div>
  );
}
