'use client';

import { memberIds } from '@/models/families/family';
import type { ResultOf } from '@/engine/analysis';
import type { MemberId } from '@/models/families/family';
import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { MEASURE_IDS, type BINARIZERS } from '@/analyses/binarizers/protocol';
import { useMemo, type CSSProperties } from 'react';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { BinarizerGrid } from '@/analyses/binarizers/binarizer-grid';
import { MEASURES } from '@/analyses/binarizers/binarizer-measures';
import { lockedTop } from '@/components/analysis/locked-scale';
import { modelName } from '@/components/analysis/model-names';
import { placeLabel, queryToken } from '@/components/analysis/trace-row';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { layerAt } from '@/models/architectures/layer-shape';
import { columnOf, rowOf } from '@/lib/viz/attention-rows';
import { selectTeacherTrace } from '@/state/derived';
import type { AnalysisView } from '@/state/use-analysis';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { BINARIZER_IDS } from '@/lib/quantizers/attention/records';
import classes from './binarizers.module.css';

interface BinarizerPanelProps {
  readonly view: AnalysisView<ResultOf<typeof BINARIZERS>>;
  /** Whose row it is. */
  readonly modelId: MemberId;
  readonly student: MemberId;
  readonly onModel: (id: MemberId) => void;
  readonly fit: BinarizerFit;
  readonly onFit: (fit: BinarizerFit) => void;
}

/** Beside the real row. */
const CARDS = BINARIZER_IDS.length + 1;
/** Height of a row of four cards on a wide screen, reserved until they are there. */
const CARD_PX = 635;
/** On a phone there are two in a row. */
const PHONE_ROWS = { '--phone-rows': Math.ceil(CARDS / 2) } as CSSProperties;

const FIT_NOTES: { readonly [Fit in BinarizerFit]: string } = {
  official:
    'α = 2·mean|p| of the head and z = round(0.1·(min p + α)), where the released code of Bi-ViT starts; nothing is trained here.',
  'least-squares':
    'α (and z) such that the head, once binarized, is nearest to itself in squared error; nothing is trained here.',
};

/** One row through all binarizers. */
export function BinarizerPanel({ view, modelId, student, onModel, fit, onFit }: BinarizerPanelProps) {
  const { layer, head, query, view: overlay } = useAppState((state) => state.selection);
  const teacher = useResults(selectTeacherTrace);
  const family = useAppState((state) => state.family);
  const { layout } = layerAt(family.layers, layer);
  const column = columnOf(layout, rowOf(layout, queryToken(family, { layer, query })));
  const { select } = useActions();
  const top = useMemo(() => lockedTop(teacher), [teacher]);
  const where = `${modelName(modelId)}, ${placeLabel({ layer, head, query }, family)}`;
  return (
    <Block
      title={`One row, ${BINARIZER_IDS.length} binarizers`}
      detail={where}
      id="binarizers"
      actions={
        <>
          <Segmented
            label="Whose row"
            value={modelId}
            onChange={onModel}
            options={[
              ...(memberIds(family).includes('teacher')
                ? [{ value: 'teacher' as MemberId, label: modelName('teacher') }]
                : []),
              { value: student, label: modelName(student) },
            ]}
          />
          <Segmented
            label="Where α comes from"
            value={fit}
            onChange={onFit}
            options={{ official: 'α official start', 'least-squares': 'α least squares' }}
          />
          <Segmented
            label="Map over the picture, or plain"
            value={overlay}
            onChange={(chosen) => select({ view: chosen })}
            options={['overlay', 'plain']}
          />
        </>
      }
      help={FIT_NOTES[fit]}
    >
      <About formulas={MEASURE_IDS.map((id) => MEASURES[id].formula)}>
        A binarizer replaces the many weights of an attention row by very few values, so that products become bit
        counts; each published one draws the line elsewhere. Compare what each keeps of this row: which patches stay
        lit, whether their order survives, and how many entries still pass a gradient in training.
      </About>
      <div className={classes.frame} data-waiting={view.result === null} style={PHONE_ROWS}>
        <AnalysisFrame
          view={view}
          label="the binarized rows"
          minHeight={view.result === null ? Math.ceil(CARDS / 4) * CARD_PX : 0}
        >
          {(comparison) => (
            <BinarizerGrid
              comparison={comparison}
              top={top}
              fit={fit}
              context={{ query: column, k: TOP_K }}
              where={where}
            />
          )}
        </AnalysisFrame>
      </div>
    </Block>
  );
}
