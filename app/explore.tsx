'use client';

import AttentionView from '@/analyses/attention/view';
import { spawnModelWorker } from '@/analyses/spawn-worker';
import { ANALYSIS_TABS, ATTENTION_TAB } from '@/analyses/views';
import { BrowserApp } from '@/components/shell/browser-app';
import { Footer } from '@/components/shell/footer';
import { InputPanel } from '@/components/shell/input-panel';
import { ModelPanel } from '@/components/shell/model-panel';
import { ResultTabs, type AnalysisTab } from '@/components/shell/result-tabs';
import { StatusPanel } from '@/components/shell/status-panel';
import { TopBar } from '@/components/shell/top-bar';
import classes from './page.module.css';

const TABS: readonly [Omit<AnalysisTab, 'load'>, ...AnalysisTab[]] = [ATTENTION_TAB, ...ANALYSIS_TABS];

/** Explore: one picture, one query, a family of models. The order in the document is the order on a phone. */
export function Explore() {
  return (
    <BrowserApp spawn={spawnModelWorker}>
      <TopBar />
      <main id="main" tabIndex={-1} className={classes.page}>
        <div className={classes.side}>
          <InputPanel />
          <ModelPanel />
        </div>
        <div className={classes.tabs}>
          <ResultTabs tabs={TABS}>
            <AttentionView />
          </ResultTabs>
        </div>
        <div className={classes.status}>
          <StatusPanel />
        </div>
      </main>
      <Footer />
    </BrowserApp>
  );
}
