import { AttentionPanel } from '@/analyses/attention/attention-panel';
import { ComparePanel } from '@/analyses/attention/compare-panel';
import { DistortionPanel } from '@/analyses/attention/distortion-panel';
import { RowPanel } from '@/analyses/attention/row-panel';
import { PredictionsPanel } from '@/components/shell/predictions-panel';
import classes from './attention.module.css';

/** Where the query looks, how far each head is from the teacher's, and what the models answer. */
export default function AttentionView() {
  return (
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
  );
}
