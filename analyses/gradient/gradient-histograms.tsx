'use client';

import type { MemberId } from '@/models/families/family';
import type { GradientStudy } from '@/analyses/gradient/protocol';
import { useMemo, useState } from 'react';
import { BarHistogram } from '@/components/charts/bar-histogram';
import type { FlowId } from '@/analyses/gradient/flow-quantity';
import { modelName } from '@/components/analysis/model-names';
import { headOf } from '@/components/analysis/trace-row';
import { magnitudeHistograms } from '@/lib/metrics/magnitude-histograms';
import { selectStudent } from '@/state/derived';
import { useAppState } from '@/state/use-app-state';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import type { Trace } from '@/engine/protocol';
import type { LayerTrace } from '@/models/trace';
import classes from './gradient.module.css';

type GradientStage = 'gradScores' | 'gradAttention' | 'gradQ' | 'gradK' | 'gradV';

/** The gradient behind each quantity: a share of passing entries is about the gradient that it lets through. */
const STAGES: { readonly [Id in FlowId]: { readonly stage: GradientStage; readonly symbol: string } } = {
  gradScores: { stage: 'gradScores', symbol: '∂L/∂(scores)' },
  gradAttention: { stage: 'gradAttention', symbol: '∂L/∂(attention)' },
  gradQ: { stage: 'gradQ', symbol: '∂L/∂q' },
  passQ: { stage: 'gradQ', symbol: '∂L/∂q' },
  passK: { stage: 'gradK', symbol: '∂L/∂k' },
  passV: { stage: 'gradV', symbol: '∂L/∂v' },
  passAttention: { stage: 'gradAttention', symbol: '∂L/∂(attention)' },
  softmaxSlope: { stage: 'gradScores', symbol: '∂L/∂(scores)' },
};
const BINS_PER_DECADE = 4;

export interface GradientHistogramsProps {
  readonly study: GradientStudy;
  readonly flowId: FlowId;
}

/** On demand: how large the entries of one head's gradient are, the chosen student's under the teacher's. */
export function GradientHistograms({ study, flowId }: GradientHistogramsProps) {
  const [open, setOpen] = useState(false);
  const { symbol } = STAGES[flowId];
  return (
    <details className={classes.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Histogram of |{symbol}| in the chosen head, student against teacher</summary>
      {open && <Histograms study={study} flowId={flowId} />}
    </details>
  );
}

function Histograms({ study, flowId }: GradientHistogramsProps) {
  const layer = useAppState((state) => state.selection.layer);
  const head = useAppState((state) => state.selection.head);
  const studentId = useAppState(selectStudent);
  const { stage, symbol } = STAGES[flowId];
  const shown = useMemo(() => {
    const found = (['teacher', studentId] as const).flatMap((id: MemberId) => {
      const values = gradientOf(study.models[id]?.trace ?? null, stage, layer, head);
      return values === null ? [] : [{ id, values }];
    });
    return {
      ids: found.map(({ id }) => id),
      ...magnitudeHistograms(
        found.map(({ values }) => values),
        BINS_PER_DECADE,
      ),
    };
  }, [study, studentId, stage, layer, head]);
  const where = `layer ${layer + 1}, head ${head + 1}`;
  const top = shown.rows.reduce((most, { counts, zeros }) => Math.max(most, zeros, ...counts), 0);

  return (
    <div className={classes.histograms}>
      {shown.rows.map(({ counts, zeros, outside, total }, index) => {
        const id = shown.ids[index];
        if (id === undefined) return null;
        const label = `${modelName(id)}: |${symbol}|, ${where}`;
        return (
          <div key={id}>
            {shown.edges.length === 0 ? (
              <p className={classes.caution}>
                {label}: all {total} entries are exactly 0.
              </p>
            ) : (
              <BarHistogram
                label={label}
                counts={counts}
                edges={shown.edges}
                window={null}
                format={(value) => formatNumber(value, 2)}
                log
                zeros={zeros}
                top={top}
                color={modelIdentity(id).color}
                xLabel="magnitude of an entry, log scale; 0: true zeros"
              />
            )}
            <p className={classes.caution}>
              {formatPercent(total === 0 ? null : zeros / total)} of the {total} entries are exactly 0
              {outside > 0 && `; ${outside} lie beyond the axis`}.
            </p>
          </div>
        );
      })}
    </div>
  );
}

function gradientOf(trace: Trace | null, stage: GradientStage, layer: number, head: number): Float32Array | null {
  const layers: readonly LayerTrace[] = trace?.layers ?? [];
  const values = layers[layer]?.[stage] ?? null;
  return values === null ? null : headOf(values, head, layers[layer]?.heads ?? 1);
}
