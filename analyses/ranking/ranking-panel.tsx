'use client';

import { RANKING, RANKING_METRICS, type RankingMetric, type RankingStudy } from '@/analyses/ranking/protocol';
import { useState } from 'react';
import { SeriesLines, type Series } from '@/components/charts/series-lines';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { modelName } from '@/components/analysis/model-names';
import { KInput } from '@/analyses/ranking/k-input';
import { MeansTable } from '@/analyses/ranking/means-table';
import { aboutFormula } from '@/components/analysis/about-formula';
import { rankingMeans, type PositionMeans } from '@/analyses/ranking/ranking-means';
import { RANKING_LABELS, rankingFormula } from '@/analyses/ranking/ranking-metric';
import { rankingSentence } from '@/analyses/ranking/ranking-sentence';
import { rowLength } from '@/components/analysis/trace-row';
import { useMinHeight } from '@/analyses/ranking/use-min-height';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState, useActions } from '@/state/use-app-state';
import { formatFixed } from '@/lib/viz/format';
import classes from './ranking.module.css';

type Along = 'layers' | 'heads';

interface RankingPanelProps {
  readonly k: number;
  readonly onK: (k: number) => void;
}

/** How well every student keeps the order of the teacher's rows, layer by layer, before and after its binarizer. */
export function RankingPanel({ k, onK }: RankingPanelProps) {
  const layer = useAppState((state) => state.selection.layer);
  const [metric, setMetric] = useState<RankingMetric>('tauB');
  const [along, setAlong] = useState<Along>('layers');
  const view = useAnalysis(RANKING, { k });
  const formula = rankingFormula(metric);
  const minHeight = useMinHeight(520, 1025);

  return (
    <Block
      title="Order of the rows"
      detail={`every student against the teacher, ${along === 'layers' ? 'per layer' : `heads of layer ${layer + 1}`}; measured here`}
      id="ranking"
      actions={
        <>
          <Segmented
            label="Measure of the order"
            value={metric}
            onChange={setMetric}
            options={RANKING_METRICS.map((value) => ({ value, label: RANKING_LABELS[value].short(k) }))}
          />
          <KInput k={k} onChange={onK} />
          <Segmented
            label="Along the layers, or the heads of the chosen layer"
            value={along}
            onChange={setAlong}
            options={['layers', 'heads']}
          />
        </>
      }
    >
      <About formulas={[aboutFormula(formula)]}>
        A row of attention ranks the keys: which patch matters most to this query, which next.{' '}
        {RANKING_LABELS[metric].about}
      </About>
      <AnalysisFrame view={view} label="the ranking" minHeight={minHeight}>
        {(study) => <RankingStudyView study={study} metric={metric} along={along} k={k} />}
      </AnalysisFrame>
    </Block>
  );
}

interface RankingStudyViewProps {
  readonly study: RankingStudy;
  readonly metric: RankingMetric;
  readonly along: Along;
  readonly k: number;
}

function RankingStudyView({ study, metric, along, k }: RankingStudyViewProps) {
  const layer = useAppState((state) => state.selection.layer);
  const head = useAppState((state) => state.selection.head);
  const keys = useAppState((state) => rowLength(state.family, state.selection.layer));
  const { select } = useActions();
  const means = rankingMeans(study, metric, along === 'layers' ? { kind: 'layers' } : { kind: 'heads', layer });
  const chosen = along === 'layers' ? layer : head;
  const here = means[chosen];
  const where = along === 'layers' ? `layer ${layer + 1}` : `layer ${layer + 1}, head ${head + 1}`;
  const { label } = rankingFormula(metric);
  const name = metric === 'topKOverlap' ? `Top-${k} overlap` : label;
  const sentence = here === undefined ? null : rankingSentence(metric, where, here, k, keys);

  return (
    <>
      <p className={classes.sentence}>{sentence}</p>
      <div className={classes.columns} data-wide="chart">
        <SeriesLines
          label={`${name}, ${along === 'layers' ? 'mean over all rows of a layer' : `mean over the rows of a head of layer ${layer + 1}`}`}
          xLabel={along === 'layers' ? 'layer' : 'head'}
          xTicks={means.map((_, index) => `${along === 'layers' ? 'layer' : 'head'} ${index + 1}`)}
          yLabel={`${name}; solid: scores, dashed and hollow: after the binarizer`}
          series={seriesOf(means)}
          scale={{ kind: 'linear', ...rangeOf(metric, means) }}
          format={(value) => formatFixed(value)}
          selected={chosen}
          onSelect={(index) => select(along === 'layers' ? { layer: index } : { head: index })}
        />
        {here !== undefined && <MeansTable metric={metric} means={here} where={where} k={k} />}
      </div>
    </>
  );
}

function seriesOf(means: readonly PositionMeans[]): readonly Series[] {
  const ids = Object.keys(means[0]?.students ?? {});
  const students = ids.flatMap((id): readonly Series[] => {
    const stages = means.map(({ students: here }) => here[id]);
    return [
      {
        id: `${id}-before`,
        name: `${modelName(id)}, scores`,
        model: id,
        values: stages.map((stage) => stage?.before.value ?? null),
        dashed: false,
      },
      {
        id: `${id}-after`,
        name: `${modelName(id)}, binarized`,
        model: id,
        values: stages.map((stage) => stage?.after.value ?? null),
        dashed: true,
      },
    ];
  });
  if (means.every(({ teacher }) => teacher === null)) return students;
  const teacher: Series = {
    id: 'teacher',
    name: `${modelName('teacher')}, scores`,
    model: 'teacher',
    values: means.map(({ teacher: own }) => own?.value ?? null),
  };
  return [teacher, ...students];
}

/** From 0, or as far below as the numbers go in steps of 0.2, to 1. */
function rangeOf(
  metric: RankingMetric,
  means: readonly PositionMeans[],
): { readonly min: number; readonly max: number } {
  if (rankingFormula(metric).range[0] === 0) return { min: 0, max: 1 };
  const values = means.flatMap(({ students }) =>
    Object.values(students).flatMap(({ before, after }) => [before.value ?? 0, after.value ?? 0]),
  );
  return { min: Math.floor(5 * Math.min(0, ...values)) / 5, max: 1 };
}
