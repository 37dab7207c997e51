'use client';

import type { ResultOf } from '@/engine/analysis';
import type { GRADIENTS } from '@/analyses/gradient/protocol';
import { useMemo, useState } from 'react';
import { SeriesLines } from '@/components/charts/series-lines';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import {
  byHead,
  byLayer,
  FLOW,
  flowSeries,
  formatFlow,
  type FlowId,
  type FlowUnit,
} from '@/analyses/gradient/flow-quantity';
import { flowSentences, valuesAt } from '@/analyses/gradient/flow-words';
import { GradientHistograms } from '@/analyses/gradient/gradient-histograms';
import { aboutFormula } from '@/components/analysis/about-formula';
import { LossLine } from '@/analyses/gradient/loss-line';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { logitGradientFormula } from '@/lib/metrics/logit-gradient';
import type { AnalysisView } from '@/state/use-analysis';
import { useAppState, useActions } from '@/state/use-app-state';
import { rowLength } from '@/components/analysis/trace-row';
import { layerAt } from '@/models/architectures/layer-shape';
import classes from './gradient.module.css';

const numbered = (what: string, count: number) => Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);

/** The share of passing entries has four places to be measured at; one control names the quantity, a second the place. */
const QUANTITIES: readonly { readonly value: FlowId | 'pass'; readonly label: string }[] = [
  ...(['gradScores', 'gradAttention', 'gradQ'] as const).map((value) => ({ value, label: FLOW[value].short })),
  { value: 'pass', label: 'pass share' },
  { value: 'softmaxSlope', label: FLOW.softmaxSlope.short },
];
const PLACES = (['passQ', 'passK', 'passV', 'passAttention'] as const).map((value) => ({
  value,
  label: FLOW[value].short,
}));

const UNITS = [
  { value: 'logits', label: 'per unit of |∂L/∂(logits)|' },
  { value: 'recorded', label: 'as recorded' },
] as const satisfies readonly { readonly value: FlowUnit; readonly label: string }[];

export interface FlowPanelProps {
  readonly view: AnalysisView<ResultOf<typeof GRADIENTS>>;
}

/** How much gradient each layer and head of every model lets through, on one axis. */
export function FlowPanel({ view }: FlowPanelProps) {
  const { layer, head } = useAppState((state) => state.selection);
  const { select } = useActions();
  // It opens on the cause itself: what the clipped quantizers let through.
  const [flowId, setFlowId] = useState<FlowId>('passQ');
  const [along, setAlong] = useState<'layers' | 'heads'>('layers');
  // As recorded, a model that is wrong would seem to have more gradient than the teacher, because its loss is larger.
  const [unit, setUnit] = useState<FlowUnit>('logits');
  const family = useAppState((state) => state.family);
  const layerNames = useMemo(() => numbered('layer', family.layers.length), [family]);
  const headNames = useMemo(() => numbered('head', layerAt(family.layers, layer).heads), [family, layer]);
  const quantity = FLOW[flowId];
  const isRelative = quantity.kind === 'norm' && unit === 'logits';
  const isByLayer = along === 'layers';
  const study = view.result;
  const series = useMemo(() => {
    if (study === null) return [];
    return flowSeries(study, quantity, unit, isByLayer ? byLayer(quantity) : byHead(quantity, layer));
  }, [study, quantity, unit, isByLayer, layer]);
  const yLabel = isRelative ? `${quantity.long}, per unit of |∂L/∂(logits)|` : quantity.long;

  return (
    <Block
      title="Gradient flow"
      detail={isByLayer ? 'all layers, mean over their heads' : `the heads of layer ${layer + 1}`}
      id="gradient-flow"
      actions={
        <div className={classes.choices}>
          <Segmented
            label="Quantity"
            value={quantity.kind === 'pass' ? 'pass' : flowId}
            onChange={(value) => setFlowId(value === 'pass' ? 'passQ' : value)}
            options={QUANTITIES}
          />
          <Segmented
            label="Along the axis"
            value={along}
            onChange={setAlong}
            options={{ layers: 'by layer', heads: 'by head' }}
          />
        </div>
      }
      help="Measured here, on this picture: choose a layer by click or arrow keys and every panel follows."
    >
      <About formulas={[FLOW[flowId].formula, ...(isRelative ? [logitGradientFormula] : [])].map(aboutFormula)}>
        A network learns from the gradient of its loss, which travels backwards from the answer through every layer; a
        binary layer lets it through only where a value lies inside a window, and sets it to 0 elsewhere. If little
        arrives at the scores and at q, attention cannot learn where to look: that is the first of the two causes that
        the paper names for the baseline’s failure, and its cure is the learned scaling factor, with which each head
        sets its own window.
      </About>
      <div className={classes.flowRoom}>
        <AnalysisFrame view={view} label="the gradients" minHeight={420}>
          {(result) => (
            <>
              {/* Its room stays where there is nothing more to choose, so that the chart keeps its place. */}
              <div className={classes.subchoice}>
                {quantity.kind === 'pass' && (
                  <Segmented
                    label="Share of which entries"
                    value={flowId as (typeof PLACES)[number]['value']}
                    onChange={setFlowId}
                    options={PLACES}
                  />
                )}
                {quantity.kind === 'norm' && <Segmented label="Unit" value={unit} onChange={setUnit} options={UNITS} />}
              </div>
              <SeriesLines
                label={`${capitalized(yLabel)}, ${isByLayer ? 'by layer' : `by head of layer ${layer + 1}`}`}
                xLabel={isByLayer ? 'layer' : `head of layer ${layer + 1}`}
                xTicks={isByLayer ? layerNames : headNames}
                yLabel={yLabel}
                series={series}
                scale={quantity.scale}
                format={(value) => formatFlow(quantity, value)}
                selected={isByLayer ? layer : head}
                onSelect={(index) => select(isByLayer ? { layer: index } : { head: index })}
                selectOnMove
              />
              <p className={classes.sentence}>
                {flowSentences(quantity, {
                  where: isByLayer ? `In layer ${layer + 1}` : `In layer ${layer + 1}, head ${head + 1}`,
                  values: valuesAt(series, isByLayer ? layer : head),
                  unit,
                  keys: rowLength(family, layer),
                }) ?? 'No student has this number: its quantizers are real-valued.'}
              </p>
              <LossLine study={result} caution={quantity.kind === 'norm' && !isRelative} />
              <GradientHistograms study={result} flowId={flowId} />
            </>
          )}
        </AnalysisFrame>
      </div>
    </Block>
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
