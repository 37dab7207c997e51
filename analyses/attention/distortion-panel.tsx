'use client';

import { MATRIX_METRICS, matrixMetric, type MatrixMetric } from '@/analyses/attention/protocol';
import { ColorLegend } from '@/components/charts/color-legend';
import { HeadMatrix, type HeadCell } from '@/components/charts/head-matrix';
import { metricCard } from '@/components/analysis/metric-card';
import { METRIC_LABELS } from '@/analyses/attention/metric-labels';
import { modelName } from '@/components/analysis/model-names';
import { Reserved } from '@/components/analysis/reserved';
import { headMatrix, rowLength } from '@/components/analysis/trace-row';
import { Block } from '@/components/ui/block';
import { FormulaCard } from '@/components/ui/formula-card';
import { Segmented } from '@/components/ui/segmented';
import { constantRowShareFormula, explainConstantRowShare } from '@/lib/metrics/constant-row-share';
import { explainCell, pairMetrics } from '@/lib/metrics/registry';
import { useDistortion } from '@/analyses/attention/use-distortion';
import { selectStudent, selectStudentTrace } from '@/state/derived';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import type { ColorScale } from '@/lib/viz/color-scale';
import type { CellValue } from '@/lib/metrics/cell';
import { formatPercent } from '@/lib/viz/format';
import shared from '../../components/analysis/panels.module.css';
import classes from './distortion-panel.module.css';

/** 0 is "as the teacher" in every metric here; the scale does not move with the data. */
const SCALE: ColorScale = { kind: 'sequential', ramp: 'distortion', min: 0, max: 1 };

/** How far each head of the student is from the teacher's, which is also where layer and head are chosen. */
export function DistortionPanel() {
  const { metric: asked, map, layer, head } = useAppState((state) => state.selection);
  const metric = matrixMetric(asked);
  const studentId = useAppState(selectStudent);
  const student = useResults(selectStudentTrace);
  const family = useAppState((state) => state.family);
  const { distortion, pendingFrom, isAlone, stale, status } = useDistortion(studentId);
  const { select } = useActions();

  const cells = distortion?.[map === 'binarized' ? 'attentionBinary' : 'attention'][metric] ?? null;
  const cellAt = (at: HeadCell): CellValue | null => cells?.[at.layer]?.[at.head] ?? null;
  const unknown = family.layers.map(({ heads }) => Array.from({ length: heads }, () => null)); // [L][H]
  const complete = <T,>(grid: readonly (readonly T[])[] | null): readonly (readonly (T | null)[])[] =>
    unknown.map((row, at) => grid?.[at] ?? row);
  const common = {
    selected: { layer, head },
    onSelect: (cell: HeadCell) => select({ ...cell }),
    scale: SCALE,
    stages: family.layers.map(({ stage }) => stage),
  };

  return (
    <Block
      title="Distortion"
      detail={`layer × head, ${modelName(studentId)} against the teacher`}
      id="distortion"
      actions={
        <Segmented
          label="Measure of the distortion"
          value={metric}
          onChange={(chosen) => select({ metric: chosen })}
          options={MATRIX_METRICS.map((value) => ({ value, label: METRIC_LABELS[value].short }))}
        />
      }
      help="Pick a cell: every panel follows. Darker is further from the teacher."
    >
      {status !== null && <p className={shared.dim}>{status}</p>}
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <Reserved ready={cells !== null || status !== null} label="the distortion">
          <HeadMatrix
            {...common}
            pendingFrom={isAlone ? null : pendingFrom}
            header={<h3 className={classes.heading}>{METRIC_LABELS[metric].long}, mean over rows</h3>}
            label={`${METRIC_LABELS[metric].long}, ${map} attention of ${modelName(studentId)} against the teacher`}
            values={complete(cells?.map((row) => row.map((cell) => distorted(metric, cell))) ?? null)}
            describe={(at) => definedRows(cellAt(at))}
            explain={(at) => <CellCard metric={metric} cell={cellAt(at)} at={at} map={map} />}
          />
        </Reserved>
        <div className={classes.legend}>
          <ColorLegend open label="as the teacher … far from it" scale={SCALE} />
        </div>
        <Reserved ready={distortion !== null || status !== null} label="the share of constant rows">
          <HeadMatrix
            {...common}
            pendingFrom={pendingFrom}
            header={<h3 className={classes.heading}>Constant rows after the binarizer</h3>}
            label={`Share of constant rows in the binarized attention of ${modelName(studentId)}`}
            values={complete(distortion?.constantRowShare ?? null)}
            format={(value) => formatPercent(value, 0)}
            explain={(at) => {
              const matrix = student && headMatrix(student, at, 'attentionBinary');
              if (matrix === null) return null;
              return (
                <FormulaCard
                  {...metricCard(
                    constantRowShareFormula,
                    explainConstantRowShare(matrix, rowLength(family, at.layer)),
                    whereOf(at),
                  )}
                />
              );
            }}
          />
        </Reserved>
      </div>
    </Block>
  );
}

interface CellCardProps {
  readonly metric: MatrixMetric;
  readonly cell: CellValue | null;
  readonly at: HeadCell;
  readonly map: string;
}

/** The mean over rows behind one cell. Being linear, a distortion's mean is the distortion of the mean. */
function CellCard({ metric, cell, at, map }: CellCardProps) {
  if (cell === null) return null;
  const { formula } = pairMetrics[metric];
  const averaged = { value: cell.value, defined: cell.definedRows, total: cell.totalRows };
  const note = `${whereOf(at)} Mean over the ${cell.definedRows} of ${cell.totalRows} rows where it is defined (it is undefined ${formula.undefinedWhen}); ${map} attention.`;
  return <FormulaCard {...metricCard(formula, explainCell(metric, averaged), note)} />;
}

function distorted(metric: MatrixMetric, cell: CellValue): number | null {
  return cell.value === null ? null : pairMetrics[metric].distortion(cell.value);
}

function definedRows(cell: CellValue | null): string | null {
  if (cell === null) return null;
  const { value, definedRows: defined, totalRows: total } = cell;
  return value === null ? `undefined in all ${total} rows` : `defined in ${defined} of ${total} rows`;
}

function whereOf({ layer, head }: HeadCell): string {
  return `Layer ${layer + 1}, head ${head + 1}.`;
}
