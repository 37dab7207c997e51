'use client';

import { memberIds } from '@/models/families/family';
import type { MemberId } from '@/models/families/family';
import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { Chip } from '@mantine/core';
import { useMemo, useState } from 'react';
import { attentionScale, lockedTop, ownTop } from '@/components/analysis/locked-scale';
import { ModelMap } from '@/components/analysis/model-map';
import { modelName, modelNote } from '@/components/analysis/model-names';
import { pairNumber } from '@/analyses/attention/row-numbers';
import { attentionRow, headMatrix, ownColumn, placeLabel, type MapKind } from '@/components/analysis/trace-row';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { Explained } from '@/components/ui/explained';
import { pairMetrics } from '@/lib/metrics/registry';
import { selectTeacherTrace, selectTrace } from '@/state/derived';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import shared from '../../components/analysis/panels.module.css';
import classes from './compare-panel.module.css';

const KINDS: readonly MapKind[] = ['softmaxed', 'binarized'];
const METRICS = ['cosine', 'jensenShannon', 'tauB', 'topKOverlap'] as const;

export interface ComparedModelsProps {
  readonly models: readonly MemberId[];
  /** So many stay. */
  readonly fewest: number;
}

/** Which models are side by side, and each of them. */
export default function ComparedModels({ models: compare, fewest }: ComparedModelsProps) {
  const family = useAppState((state) => state.family);
  const stale = useResults((state) => state.results.stale);
  const { select } = useActions();
  return (
    <>
      <Chip.Group
        multiple
        value={[...compare]}
        onChange={(ids) => select({ compare: memberIds(family).filter((id) => ids.includes(id)) })}
      >
        <div className={classes.chips} role="group" aria-label="Models to compare, two to five">
          {memberIds(family).map((id) => (
            <Chip key={id} value={id} size="sm" disabled={compare.length <= fewest && compare.includes(id)}>
              {modelName(id)}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <Columns models={compare} />
      </div>
    </>
  );
}

function Columns({ models }: { readonly models: readonly MemberId[] }) {
  const teacher = useResults(selectTeacherTrace);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);
  const top = useMemo(() => lockedTop(teacher), [teacher]);
  return (
    <div className={classes.columns}>
      {models.map((id) => (
        <Column key={id} id={id} settings={settings} top={top} />
      ))}
    </div>
  );
}

interface ColumnProps {
  readonly id: MemberId;
  readonly settings: ReturnType<typeof useMapSettings>;
  readonly top: number;
}

function Column({ id, settings, top }: ColumnProps) {
  const selection = useAppState((state) => state.selection);
  const trace = useResults(selectTrace(id));
  const teacher = useResults(selectTeacherTrace);
  const reference = teacher && attentionRow(teacher, selection, 'softmaxed');
  const family = useAppState((state) => state.family);
  const where = `${modelName(id)} against the teacher, ${placeLabel(selection, family)}`;
  const query = trace && ownColumn(trace, selection);

  return (
    <section className={classes.column} aria-label={modelName(id)} data-model={id}>
      <p className={classes.note}>{modelNote(id)}</p>
      {KINDS.map((kind) => {
        const row = trace && attentionRow(trace, selection, kind);
        const matrix = trace && headMatrix(trace, selection, kind === 'binarized' ? 'attentionBinary' : 'attention');
        const scale = attentionScale(selection.scale === 'locked' || matrix === null ? top : ownTop(matrix));
        return (
          <div key={kind}>
            <ModelMap
              id={id}
              title={modelName(id)}
              trace={trace}
              kind={kind}
              place={selection}
              scale={scale}
              settings={settings}
            />
            <dl className={`${classes.numbers} lens-numbers`}>
              {METRICS.map((metric) => {
                const number =
                  reference && row && query !== null && pairNumber(metric, reference, row, { query, k: TOP_K }, where);
                return (
                  <div key={metric}>
                    <dt>{pairMetrics[metric].formula.shortLabel}</dt>
                    <dd>{!number ? '–' : <Explained {...number.card} value={number.text} />}</dd>
                  </div>
                );
              })}
            </dl>
          </div>
        );
      })}
    </section>
  );
}
