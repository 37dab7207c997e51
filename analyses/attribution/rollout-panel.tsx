'use client';

import { memberIds } from '@/models/families/family';
import type { MemberId } from '@/models/families/family';
import { ROLLOUT, type RolloutStudy } from '@/analyses/attribution/protocol';
import { useMemo, useState } from 'react';
import { ColorLegend } from '@/components/charts/color-legend';
import { ModelMarker } from '@/components/charts/model-marker';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { aboutFormula } from '@/components/analysis/about-formula';
import { attentionScale } from '@/components/analysis/locked-scale';
import { modelName, modelNote } from '@/components/analysis/model-names';
import { geometryAt, tokenLabel } from '@/components/analysis/trace-row';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { Segmented } from '@/components/ui/segmented';
import { selectStudent, selectTargetClass } from '@/state/derived';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState, useActions } from '@/state/use-app-state';
import { className } from '@/lib/viz/class-name';
import { PercentField } from './percent-field';
import { modelOrder, relevanceRow, sharedTop } from './relevance';
import { RelevanceMap, ROLLOUT_METHODS, type RolloutMethod } from './relevance-map';
import { useNarrow } from '@/components/analysis/use-narrow';
import classes from './rollout-panel.module.css';

const CLS = 0;
/** What the maps take, CSS pixels: kept free until they are here. */
const HEIGHTS = { wide: { both: 796, one: 470 }, narrow: { both: 2136, one: 1170 } } as const;

const METHODS: readonly RolloutMethod[] = ['rollout', 'gradient'];

const FORMULAS = METHODS.map((method) => {
  const about = aboutFormula(ROLLOUT_METHODS[method].formula);
  return { ...about, note: `${about.note} Computed here, over all layers and heads.` };
});

/** What of each patch arrives in CLS (or the chosen query) through all layers, for all five models on one scale. */
export function RolloutPanel() {
  const hasWindows = useAppState((state) => state.family.layers.some(({ layout }) => layout.window !== null));
  if (!hasWindows) return <Rollout />;
  return (
    <Block title="Rollout" detail="not for this model" id="rollout">
      <p className={classes.none}>
        A rollout multiplies maps of all tokens by all tokens, layer after layer; a Swin’s windows and merged patches
        have none. The other tabs show its attention.
      </p>
    </Block>
  );
}

function Rollout() {
  const { map, scale, query: chosenQuery } = useAppState((state) => state.selection);
  const target = useAppState(selectTargetClass);
  const studentId = useAppState(selectStudent);
  const { select } = useActions();
  const view = useAnalysis(ROLLOUT, { target, map });
  const [shown, setShown] = useState<RolloutMethod | 'both'>('both');
  const [ofCls, setOfCls] = useState(true);
  const query = ofCls ? CLS : chosenQuery;
  const family = useAppState((state) => state.family);
  const geometry = geometryAt(family, 0);
  const narrow = useNarrow();

  return (
    <Block
      title="Rollout"
      detail={`what arrives in ${tokenLabel(query, geometry)} through all ${family.layers.length} layers`}
      id="rollout"
      help="Click a patch to ask what arrives in it. The share that stays in the query itself, through the residual connections, is left out of the scale."
    >
      <About formulas={FORMULAS}>
        Attention of one layer says where that layer looks; rollout multiplies the layers, with the residual connections
        between them, and says which patches the answer was made from. The gradient-weighted one keeps of every
        attention only what speaks for one class, so the two part where a model looks at much that does not count.
      </About>
      <div className={classes.controls}>
        <Segmented
          label="Which rollout"
          value={shown}
          onChange={setShown}
          options={{ both: 'both', rollout: 'rollout', gradient: 'gradient-weighted' }}
        />
        <Segmented
          label="Of which token"
          value={ofCls ? 'cls' : 'query'}
          onChange={(of) => setOfCls(of === 'cls')}
          options={{ cls: 'of CLS', query: `of ${tokenLabel(chosenQuery, geometry)}` }}
        />
        <Segmented
          label="Which attention of the students"
          value={map}
          onChange={(chosen) => select({ map: chosen })}
          options={['softmaxed', 'binarized']}
        />
        <Segmented
          label="Colour scale"
          value={scale}
          onChange={(chosen) => select({ scale: chosen })}
          options={{ locked: 'one scale', 'per-head': 'per model' }}
        />
      </div>
      <AnalysisFrame
        view={view}
        label="the rollouts"
        minHeight={HEIGHTS[narrow ? 'narrow' : 'wide'][shown === 'both' ? 'both' : 'one']}
      >
        {(study) => (
          <Columns
            study={study}
            models={modelOrder(memberIds(family), studentId)}
            methods={shown === 'both' ? METHODS : [shown]}
            query={query}
            onQuery={(token) => {
              setOfCls(token === CLS);
              select({ query: token });
            }}
          />
        )}
      </AnalysisFrame>
    </Block>
  );
}

interface ColumnsProps {
  readonly study: RolloutStudy;
  readonly models: readonly MemberId[];
  readonly methods: readonly RolloutMethod[];
  readonly query: number;
  readonly onQuery: (token: number) => void;
}

function Columns({ study, models, methods, query, onQuery }: ColumnsProps) {
  const scale = useAppState((state) => state.selection.scale);
  const classNames = useAppState((state) => state.family.classNames);
  const [opacity, setOpacity] = useState(0.72);
  const [threshold, setThreshold] = useState(0);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = {
    ...useMapSettings(activeToken, setActiveToken),
    query,
    onSelectQuery: onQuery,
    view: 'overlay',
    opacity,
  } as const;
  const rows = useMemo(() => rowsOf(study, query), [study, query]);
  const tops = useMemo(
    () => ({
      rollout: sharedTop(
        Object.values(rows).map(({ rollout }) => rollout),
        query,
      ),
      gradient: sharedTop(
        Object.values(rows).map(({ gradient }) => gradient),
        query,
      ),
    }),
    [rows, query],
  );
  const locked = scale === 'locked';

  return (
    <>
      <div className={classes.overlay}>
        <PercentField label="Opacity" share={opacity} onChange={setOpacity} />
        <PercentField label="Hide below" share={threshold} onChange={setThreshold} />
      </div>
      <div className={classes.columns}>
        {models.map((id) => {
          const relevance = study.models[id];
          const row = rows[id];
          return (
            <section key={id} className={classes.column} aria-label={modelName(id)} data-model={id}>
              <p className={classes.head}>
                <ModelMarker model={id} />
                {modelNote(id)}
              </p>
              {relevance === undefined || row === undefined ? (
                <p className={classes.head}>n/a: this model is not loaded.</p>
              ) : (
                methods.map((method) => (
                  <RelevanceMap
                    key={method}
                    id={id}
                    method={method}
                    className={className(relevance.classIndex, classNames)}
                    row={row[method]}
                    top={locked ? tops[method] : null}
                    threshold={threshold}
                    settings={settings}
                  />
                ))
              )}
            </section>
          );
        })}
      </div>
      <div className={classes.legends}>
        {methods.map((method) => (
          <ColorLegend
            key={method}
            label={ROLLOUT_METHODS[method].name}
            scale={attentionScale(locked ? tops[method] : 1)}
            note={locked ? 'the same for all' : 'times each model’s own maximum'}
          />
        ))}
        <ScaleBadge scale={scale} per="model" />
      </div>
    </>
  );
}

type Rows = { readonly [id: MemberId]: { readonly [Method in RolloutMethod]: Float32Array | null } };

function rowsOf({ models }: RolloutStudy, query: number): Rows {
  return Object.fromEntries(
    Object.entries(models).map(([id, { rollout, gradientRollout }]) => [
      id,
      {
        rollout: relevanceRow(rollout, tokensOf(rollout), query),
        gradient: relevanceRow(gradientRollout, tokensOf(gradientRollout), query),
      },
    ]),
  );
}

/** Of a relevance [N, N]. */
function tokensOf(relevance: Float32Array | null): number {
  return Math.sqrt(relevance?.length ?? 0);
}
