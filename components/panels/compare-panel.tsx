'use client';

import { Chip, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { attentionScale, lockedTop, ownTop } from '@/components/panels/locked-scale';
import { ModelMap } from '@/components/panels/model-map';
import { MODEL_NAMES, MODEL_NOTES } from '@/components/panels/model-names';
import { pairNumber } from '@/components/panels/row-numbers';
import { attentionRow, headMatrix, ownColumn, placeLabel, type MapKind } from '@/components/panels/trace-row';
import { useMapSettings } from '@/components/panels/use-map-settings';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { pairMetrics } from '@/lib/metrics/registry';
import { selectStudent, selectTeacherTrace, selectTrace } from '@/lib/store/derived';
import { useLens, useLensActions, useResults } from '@/lib/store/use-lens';
import { TOP_K, type ModelId } from '@/lib/worker/protocol';
import shared from './panels.module.css';
import classes from './compare-panel.module.css';

const FEWEST = 2;
const KINDS: readonly MapKind[] = ['softmaxed', 'binarized'];
const METRICS = ['cosine', 'jensenShannon', 'tauB', 'topKOverlap'] as const;

/** Two to five models side by side at the same place, each with both of its maps and its distance from the teacher. */
export function ComparePanel() {
  const compare = useLens((state) => state.selection.compare);
  const selection = useLens((state) => state.selection);
  const studentId = useLens(selectStudent);
  const subject = useLens((state) => state.subject);
  const stale = useResults((state) => state.results.stale);
  const { select } = useLensActions();
  const on = compare.length >= FEWEST;

  return (
    <Block
      title="Compare"
      detail={on ? placeLabel(selection, subject) : 'models side by side'}
      id="compare"
      actions={
        <Switch
          label="Compare mode"
          checked={on}
          disabled={subject.modelIds.length < FEWEST}
          onChange={(event) =>
            select({ compare: event.currentTarget.checked ? fewest(subject.modelIds, studentId) : [] })
          }
        />
      }
    >
      {on ? (
        <>
          <Chip.Group
            multiple
            value={[...compare]}
            onChange={(ids) => select({ compare: subject.modelIds.filter((id) => ids.includes(id)) })}
          >
            <div className={classes.chips} role="group" aria-label="Models to compare, two to five">
              {subject.modelIds.map((id) => (
                <Chip key={id} value={id} size="sm" disabled={compare.length <= FEWEST && compare.includes(id)}>
                  {MODEL_NAMES[id]}
                </Chip>
              ))}
            </div>
          </Chip.Group>
          <div className={stale ? shared.stale : undefined} aria-busy={stale}>
            <Columns models={compare} />
          </div>
        </>
      ) : (
        <p className={shared.dim}>
          Turn it on to see two to five of the models next to each other, on the same scale and for the same query.
        </p>
      )}
    </Block>
  );
}

/** The teacher and the chosen student, or whoever is there. */
function fewest(modelIds: readonly ModelId[], studentId: ModelId): readonly ModelId[] {
  const wanted = modelIds.filter((id) => id === 'teacher' || id === studentId);
  return wanted.length >= FEWEST ? wanted : modelIds.slice(0, FEWEST);
}

function Columns({ models }: { readonly models: readonly ModelId[] }) {
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
  readonly id: ModelId;
  readonly settings: ReturnType<typeof useMapSettings>;
  readonly top: number;
}

function Column({ id, settings, top }: ColumnProps) {
  const selection = useLens((state) => state.selection);
  const trace = useResults(selectTrace(id));
  const teacher = useResults(selectTeacherTrace);
  const reference = teacher && attentionRow(teacher, selection, 'softmaxed');
  const subject = useLens((state) => state.subject);
  const where = `${MODEL_NAMES[id]} against the teacher, ${placeLabel(selection, subject)}`;
  const query = trace && ownColumn(trace, selection);

  return (
    <section className={classes.column} aria-label={MODEL_NAMES[id]} data-model={id}>
      <p className={classes.note}>{MODEL_NOTES[id]}</p>
      {KINDS.map((kind) => {
        const row = trace && attentionRow(trace, selection, kind);
        const matrix = trace && headMatrix(trace, selection, kind === 'binarized' ? 'attentionBinary' : 'attention');
        const scale = attentionScale(selection.scale === 'locked' || matrix === null ? top : ownTop(matrix));
        return (
          <div key={kind}>
            <ModelMap
              id={id}
              title={MODEL_NAMES[id]}
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
