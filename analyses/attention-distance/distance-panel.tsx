'use client';

import type { ReactNode } from 'react';
import {
  ABOUT_DISTANCE,
  definedRows,
  formatPixels,
  meanOfHeads,
  pixelAxis,
  spread,
} from '@/analyses/attention-distance/distance-words';
import { HeadDots } from '@/analyses/attention-distance/head-dots';
import { ATTENTION_DISTANCE, type DistanceStudy, type MemberDistances } from '@/analyses/attention-distance/protocol';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { modelName } from '@/components/analysis/model-names';
import { SeriesLines } from '@/components/charts/series-lines';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import type { CellValue } from '@/lib/metrics/cell';
import type { MemberId } from '@/models/families/family';
import { shownModels } from '@/state/derived';
import type { Selection } from '@/state/selection-types';
import { useAnalysis } from '@/state/use-analysis';
import { useActions, useAppState } from '@/state/use-app-state';
import classes from './attention-distance.module.css';

const NOTHING = {};
const MIN_HEIGHT = 720;

/** How far the heads look, as dots by layer for the models on screen, and as means for all of them. */
export function DistancePanel(): ReactNode {
  const map = useAppState((state) => state.selection.map);
  const { select } = useActions();
  const view = useAnalysis(ATTENTION_DISTANCE, NOTHING);
  return (
    <Block
      title="Attention distance"
      detail="pixels of the input, by layer and head; measured here, in the picture on screen"
      id="attention-distance"
      actions={
        <Segmented
          label="Before or after the attention binarizer"
          value={map}
          onChange={(value) => select({ map: value })}
          options={['softmaxed', 'binarized']}
        />
      }
    >
      <About formulas={[ABOUT_DISTANCE]}>
        In large full-precision ViTs some heads of the first layers look at neighbouring patches and others at the whole
        picture; in the last layers most look far. A row that prefers no patch gives the dashed line: heads that
        binarization has flattened gather on it.
      </About>
      <AnalysisFrame view={view} label="the attention distances" minHeight={MIN_HEIGHT}>
        {(study) => <DistanceStudyView study={study} map={map} />}
      </AnalysisFrame>
    </Block>
  );
}

interface DistanceStudyViewProps {
  readonly study: DistanceStudy;
  readonly map: Selection['map'];
}

function DistanceStudyView({ study, map }: DistanceStudyViewProps): ReactNode {
  const family = useAppState((state) => state.family);
  const selection = useAppState((state) => state.selection);
  const { select } = useActions();
  const { layer, head } = selection;
  const ids = shownModels(family, selection).filter((id) => study.members[id] !== undefined);
  const all = Object.entries(study.members).map(([id, member]) => ({ id, cells: cellsOf(member, map) }));
  const axis = pixelAxis([...all.flatMap(({ cells }) => cells.flat().map(({ value }) => value)), ...study.flat]);
  const names = study.flat.map((_, index) => `layer ${index + 1}`);
  return (
    <>
      <p className={classes.sentence}>{sentenceOf(study, ids, layer, map)}</p>
      <div className={classes.columns}>
        {ids.map((id) => {
          const member = study.members[id];
          return member === undefined ? null : (
            <HeadDots
              key={id}
              name={`${modelName(id)}${map === 'binarized' && member.attentionBinary === null ? ', softmaxed: it has no binarizer' : ''}`}
              model={id}
              cells={cellsOf(member, map)}
              flat={study.flat}
              axis={axis}
              layer={layer}
              head={head}
              onLayer={(index) => select({ layer: index })}
            />
          );
        })}
      </div>
      <SeriesLines
        label="Mean attention distance, all heads of a layer"
        xLabel="layer"
        xTicks={names}
        yLabel="mean over the heads, px"
        series={[
          ...all.map(({ id, cells }) => ({ id, name: modelName(id), model: id, values: cells.map(meanOfHeads) })),
          { id: 'flat', name: 'a row that prefers nothing', model: null, values: study.flat, dashed: true },
        ]}
        scale={{ kind: 'linear', min: axis.min, max: axis.max }}
        format={formatPixels}
        selected={layer}
        onSelect={(index) => select({ layer: index })}
      />
    </>
  );
}

function cellsOf(
  { attention, attentionBinary }: MemberDistances,
  map: Selection['map'],
): readonly (readonly CellValue[])[] {
  return map === 'binarized' ? (attentionBinary ?? attention) : attention;
}

function sentenceOf(study: DistanceStudy, ids: readonly MemberId[], layer: number, map: Selection['map']): string {
  const parts = ids.flatMap((id) => {
    const member = study.members[id];
    const cells = member === undefined ? undefined : cellsOf(member, map)[layer];
    if (cells === undefined) return [];
    const { defined, total } = definedRows(cells);
    const missing = defined === total ? '' : ` (${total - defined} of ${total} rows have no weight on any patch)`;
    const whose = id === 'teacher' ? 'the teacher’s' : `${modelName(id)}’s`;
    return [`${whose} heads look ${spread(cells)} far${missing}`];
  });
  const flat = formatPixels(study.flat[layer] ?? null);
  return `In layer ${layer + 1}, ${parts.join('; ')}. A row that prefers nothing gives ${flat}.`;
}
