'use client';

import type { QuantizerStudy } from '@/analyses/gradient/protocol';
import { useState, type ReactNode } from 'react';
import { StePlot } from '@/components/charts/ste-plot';
import { useStages } from '@/components/charts/use-stages';
import { QuantizerList } from '@/analyses/gradient/quantizer-list';
import { chosenQuantizer, quantizerGroups, quantizerLabel } from '@/analyses/gradient/quantizer-groups';
import { steSentence } from '@/analyses/gradient/ste-sentence';
import { paperUrl } from '@/components/analysis/paper-url';
import { FormulaCard } from '@/components/ui/formula-card';
import { Segmented } from '@/components/ui/segmented';
import { formatBits, formatNumber } from '@/lib/viz/format';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import classes from './ste-panel.module.css';

type Counting = 'linear' | 'log';

/** One quantizer of a study, chosen from a list, with its plot and its record. */
export function SteViewer({ study }: { readonly study: QuantizerStudy }): ReactNode {
  const [id, setId] = useState<string | null>(null);
  const [counting, setCounting] = useState<Counting>('linear');
  const isDrawn = useStages(2) > 1;
  const quantizer = chosenQuantizer(study.quantizers, id);
  if (quantizer === null) {
    return <p className={classes.sentence}>This model has no quantizers: there is nothing to plot.</p>;
  }
  const label = quantizerLabel(quantizer);
  return (
    <div className={classes.viewer}>
      <QuantizerList groups={quantizerGroups(study.quantizers)} selected={quantizer.id} onSelect={setId} />
      <div className={classes.chosen}>
        {isDrawn && (
          <StePlot
            label={label}
            curve={quantizer.curve}
            inputs={quantizer.inputs}
            counting={counting}
            header={<h3 className={classes.heading}>{label}</h3>}
          />
        )}
        <p className={classes.sentence} role="status">
          {steSentence(quantizer)}
        </p>
        <div className={classes.keys}>
          <Legend inputs={quantizer.inputs} />
          {quantizer.inputs !== null && (
            <Segmented<Counting>
              label="Height of the bars"
              value={counting}
              onChange={setCounting}
              options={{ linear: 'bars: counts', log: 'log counts' }}
            />
          )}
        </div>
        <div className={classes.record}>
          <FormulaCard
            title={`${quantizer.name}, ${formatBits(quantizer.bits)}`}
            latex={quantizer.equation}
            terms={quantizer.parameters.map(({ symbol, value }) => ({ symbol, value: formatNumber(value, 4) }))}
            source={{ text: quantizer.source, url: paperUrl(quantizer.source) }}
          />
        </div>
      </div>
    </div>
  );
}

/** What is drawn how, by shape as well as by colour. */
function Legend({ inputs }: Pick<QuantizerView, 'inputs'>): ReactNode {
  return (
    <ul className={classes.legend}>
      <li>
        <i data-kind="forward" />
        forward, left axis
      </li>
      <li>
        <i data-kind="surrogate" />
        derivative, right axis
      </li>
      <li>
        <i data-kind="window" />
        gradient passes
      </li>
      <li>
        <i data-kind="blocked" />
        none passes
      </li>
      {inputs !== null && (
        <li>
          <i data-kind="bars" />
          inputs
        </li>
      )}
    </ul>
  );
}
