'use client';

import { memberIds } from '@/models/families/family';
import { useMemo, useState } from 'react';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { differenceCard } from '@/components/analysis/entry-card';
import { attentionScale, differenceScale, lockedTop, ownTop } from '@/components/analysis/locked-scale';
import { MapLegends } from '@/components/analysis/map-legends';
import { ModelMap } from '@/components/analysis/model-map';
import { modelName } from '@/components/analysis/model-names';
import { Reserved } from '@/components/analysis/reserved';
import {
  attentionRow,
  headMatrix,
  keyOf,
  overTokens,
  placeLabel,
  rowDifference,
} from '@/components/analysis/trace-row';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { Segmented } from '@/components/ui/segmented';
import { selectStudent, selectStudentTrace, selectTeacherTrace } from '@/state/derived';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import { tokenCount } from '@/lib/viz/patch-geometry';
import classes from './attention-panel.module.css';
import shared from '../../components/analysis/panels.module.css';

/** Where the chosen query looks: teacher, student before and after its binarizer, and what changed; one scale for all. */
export function AttentionPanel() {
  const selection = useAppState((state) => state.selection);
  const teacher = useResults(selectTeacherTrace);
  const student = useResults(selectStudentTrace);
  const studentId = useAppState(selectStudent);
  const stale = useResults((state) => state.results.stale);
  const family = useAppState((state) => state.family);
  const { select } = useActions();
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);

  const top = useMemo(() => lockedTop(teacher), [teacher]);
  const locked = selection.scale === 'locked';
  const scaleOf = (map: ArrayLike<number> | null) => attentionScale(locked || map === null ? top : ownTop(map));
  const pane = { settings, place: selection };

  return (
    <Block
      title="Attention"
      detail={placeLabel(selection, family)}
      id="attention"
      actions={
        <div className={classes.controls}>
          <Segmented
            label="The student’s map in the difference"
            value={selection.map}
            onChange={(map) => select({ map })}
            options={['softmaxed', 'binarized']}
          />
          <Segmented
            label="Map over the picture, or plain"
            value={selection.view}
            onChange={(view) => select({ view })}
            options={['overlay', 'plain']}
          />
          <Segmented
            label="Colour scale"
            value={selection.scale}
            onChange={(scale) => select({ scale })}
            options={{ locked: 'one scale', 'per-head': 'per head' }}
          />
        </div>
      }
    >
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <div className={classes.panes}>
          <ModelMap
            {...pane}
            id="teacher"
            title="Teacher"
            trace={teacher}
            kind="softmaxed"
            scale={scaleOf(teacher && headMatrix(teacher, selection, 'attention'))}
          />
          <ModelMap
            {...pane}
            id={studentId}
            title={modelName(studentId)}
            trace={student}
            kind="softmaxed"
            scale={scaleOf(student && headMatrix(student, selection, 'attention'))}
          />
          <ModelMap
            {...pane}
            id={studentId}
            title={modelName(studentId)}
            trace={student}
            kind="binarized"
            scale={scaleOf(student && headMatrix(student, selection, 'attentionBinary'))}
          />
          <DifferencePane settings={settings} top={locked ? top : null} />
        </div>
        <div className={classes.legends}>
          <MapLegends top={top} difference="student − teacher" per="head" />
        </div>
      </div>
    </Block>
  );
}

interface DifferencePaneProps {
  readonly settings: Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;
  /** `null`: a scale of its own. */
  readonly top: number | null;
}

function DifferencePane({ settings, top }: DifferencePaneProps) {
  const selection = useAppState((state) => state.selection);
  const teacher = useResults(selectTeacherTrace);
  const student = useResults(selectStudentTrace);
  const before = teacher && attentionRow(teacher, selection, 'softmaxed');
  // A checkpoint in the student's place that does not binarize has only the softmaxed map to compare.
  const after =
    student && (attentionRow(student, selection, selection.map) ?? attentionRow(student, selection, 'softmaxed'));
  const family = useAppState((state) => state.family);
  const tokens = tokenCount(settings.geometry);
  const difference = useMemo(() => {
    const found = before && after && teacher && overTokens(teacher, selection, rowDifference(after, before));
    return found?.length === tokens ? found : null;
  }, [before, after, teacher, selection, tokens]);
  const hasTeacher = memberIds(family).includes('teacher');
  const values = useMemo(() => difference ?? new Float32Array(tokens), [difference, tokens]);
  return (
    <Reserved ready={difference !== null || !hasTeacher} label="the difference">
      <AttentionMap
        {...settings}
        title="Difference"
        note={hasTeacher ? selection.map : 'n/a without the teacher'}
        quantity="difference"
        values={values}
        scale={differenceScale(top ?? ownTop(values))}
        renderReadout={(token, text) => {
          const key = teacher && keyOf(teacher, selection, token);
          if (!before || !after || key === null) return text;
          const card = differenceCard(selection, token, after[key] ?? NaN, before[key] ?? NaN, family);
          return <Explained {...card} value={text} />;
        }}
      />
    </Reserved>
  );
}
