import { AttentionPanel } from '@/components/panels/attention-panel';
import { BrowserLens } from '@/components/panels/browser-lens';
import { ComparePanel } from '@/components/panels/compare-panel';
import { DistortionPanel } from '@/components/panels/distortion-panel';
import { Footer } from '@/components/panels/footer';
import { InputPanel } from '@/components/panels/input-panel';
import { ModelPanel } from '@/components/panels/model-panel';
import { PredictionsPanel } from '@/components/panels/predictions-panel';
import { ResultTabs } from '@/components/panels/result-tabs';
import { RowPanel } from '@/components/panels/row-panel';
import { StatusPanel } from '@/components/panels/status-panel';
import { TopBar } from '@/components/panels/top-bar';
import classes from './page.module.css';

/** Explore: one picture, one query, five models. The order in the document is the order on a phone. */
export default function ExplorePage() {
  return (
    <BrowserLens>
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
    </BrowserLens>
  );
}
