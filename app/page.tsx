import { AttentionPanel } from '@/analyses/attention/attention-panel';
import { BrowserApp } from '@/components/shell/browser-app';
import { ComparePanel } from '@/analyses/attention/compare-panel';
import { DistortionPanel } from '@/analyses/attention/distortion-panel';
import { Footer } from '@/components/shell/footer';
import { InputPanel } from '@/components/shell/input-panel';
import { ModelPanel } from '@/components/shell/model-panel';
import { PredictionsPanel } from '@/components/shell/predictions-panel';
import { ResultTabs } from '@/components/shell/result-tabs';
import { RowPanel } from '@/analyses/attention/row-panel';
import { StatusPanel } from '@/components/shell/status-panel';
import { TopBar } from '@/components/shell/top-bar';
import classes from './page.module.css';

/** Explore: one picture, one query, five models. The order in the document is the order on a phone. */
export default function ExplorePage() {
  return (
    <BrowserApp>
      <TopBar />
      <main id="main" tabIndex={-1} className={classes.page}>
        <div className={classes.side}>
          <InputPanel />
          <ModelPanel />
        </div>
        <div className={classes.tabs}>
          <ResultTabs>
            <div className={classes.results}>
              <div className={classes.wide}>
                <AttentionPanel />
              </div>
              <DistortionPanel />
              <div className={classes.stack}>
                <PredictionsPanel />
                <RowPanel />
              </div>
              <div className={classes.wide}>
                <ComparePanel />
              </div>
            </div>
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
