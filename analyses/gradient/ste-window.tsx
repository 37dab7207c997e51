import type { MemberId } from '@/models/families/family';
import { memo, useMemo, useState } from 'react';
import { BarHistogram } from '@/components/charts/bar-histogram';
import { metricCard } from '@/components/analysis/metric-card';
import { quantizerInputs, STE_PLACES, type StePlace } from '@/analyses/gradient/microscope-row';
import { modelName } from '@/components/analysis/model-names';
import { Explained } from '@/components/ui/explained';
import { Segmented } from '@/components/ui/segmented';
import { quantizerWindow } from '@/lib/metrics/quantizer-window';
import { explainStePassShare, stePassShare, stePassShareFormula } from '@/lib/metrics/ste-pass-share';
import { windowHistogram } from '@/lib/metrics/window-histogram';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import type { Trace } from '@/engine/protocol';
import classes from './microscope.module.css';

const BINS = 48;

export interface SteWindowProps {
  readonly trace: Trace;
  readonly modelId: MemberId;
  readonly layer: number;
  readonly head: number;
}

/** Where a head's quantizer lets the gradient through, over the values that it clips. */
export const SteWindow = memo(function SteWindow({ trace, modelId, layer, head }: SteWindowProps) {
  const [place, setPlace] = useState<StePlace>('q');
  const stages = trace.layers[layer];
  const values = stages === undefined ? null : quantizerInputs(stages, place, head, stages.heads);
  const quantizer = stages?.quantizers?.[place] ?? null;
  const window = useMemo(() => (quantizer === null ? null : quantizerWindow(quantizer, head)), [quantizer, head]);
  const bins = useMemo(() => (values === null ? null : windowHistogram(values, window, BINS)), [values, window]);
  const mark = useMemo(() => (window === null ? null : { ...window, label: 'gradient passes' }), [window]);
  const where = `${place} of layer ${layer + 1}, head ${head + 1}, ${modelName(modelId)}`;

  return (
    <section className={classes.window} aria-label="Window of the straight-through estimator">
      <div className={classes.windowHead}>
        <h3 className={classes.heading}>What the quantizers clip</h3>
        <Segmented
          label="Quantizer"
          value={place}
          onChange={setPlace}
          options={STE_PLACES.map((value) => ({ value, label: value }))}
        />
      </div>
      <p className={classes.check}>
        {values === null || window === null ? (
          `${modelName(modelId)} has no quantizer at ${place}: nothing is clipped, every gradient passes.`
        ) : (
          <>
            Between {formatNumber(window.lower)} and {formatNumber(window.upper)} the gradient passes, outside it
            becomes exactly 0:{' '}
            <Explained
              {...metricCard(stePassShareFormula, explainStePassShare(values, window), `${where}.`)}
              value={formatPercent(stePassShare(values, window))}
            />{' '}
            of the {values.length} values pass. The window’s reach is this quantizer’s own α<sub>h</sub>, the paper’s
            scaling factor: learned or fitted for each head in the students that have it, 1 in the others. The slider
            above is another α.
          </>
        )}
      </p>
      {bins === null ? (
        <p className={classes.check}>n/a: no value is a finite number.</p>
      ) : (
        <BarHistogram
          label={`Values of ${where}`}
          counts={bins.counts}
          edges={bins.edges}
          window={mark}
          format={(value) => formatNumber(value)}
          color={modelIdentity(modelId).color}
          xLabel={`${place}, before its quantizer`}
        />
      )}
    </section>
  );
});
