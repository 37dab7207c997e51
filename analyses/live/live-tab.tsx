'use client';

import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ColorLegend } from '@/components/charts/color-legend';
import { LiveBars } from '@/components/charts/live-bars';
import { LivePicture } from '@/components/charts/live-picture';
import { attentionScale, lockedTop } from '@/components/analysis/locked-scale';
import { MODEL_NAMES, MODEL_NOTES } from '@/components/analysis/model-names';
import { Staged } from '@/components/analysis/staged';
import { geometryAt, tokenLabel } from '@/components/analysis/trace-row';
import { Block } from '@/components/ui/block';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import { CLASS_NAMES } from '@/state/class-names';
import { selectStudent, selectTeacherTrace } from '@/state/derived';
import { FAMILY_SUBJECT } from '@/state/subject';
import type { LiveQuestion, LiveReport } from '@/state/live-loop';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import { FAMILY } from '@/engine/protocol';
import { CameraFeed } from './camera-feed';
import { LiveControls, type LiveChoice } from './live-controls';
import { CLIP_SAMPLES, CLIP_SEED } from './live-sources';
import { LiveStagesPanel } from './live-stages-panel';
import { describeFrame, headName } from './live-words';
import { useLiveView } from './use-live-view';
import classes from './live.module.css';

const GEOMETRY = geometryAt(FAMILY_SUBJECT, 0);

/** A model at work; those of the family, which take less than a frame's time. */
export default function LiveTab() {
  const isFamily = useAppState((state) => state.subject.kind === 'family');
  if (isFamily) return <FamilyLive />;
  return (
    <Block title="Live" id="live">
      <p className={classes.note}>
        Frame by frame only the models of the app run: a forward of this one takes longer than a frame. Go back to the
        family on the left to see it.
      </p>
    </Block>
  );
}

/** Picture after picture, with a model's attention over each, and a clock on every stage. */
function FamilyLive() {
  const selection = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const teacher = useResults(selectTeacherTrace);
  const { select } = useActions();
  const [choice, setChoice] = useState<LiveChoice>({ model: 'student', path: 'fastest', heads: 'one' });
  const [said, setSaid] = useState('');
  const top = useMemo(() => lockedTop(teacher), [teacher]);

  const { layer, query, map, scale, view } = selection;
  const modelId = choice.model === 'teacher' ? 'teacher' : studentId;
  const head = choice.heads === 'mean' ? null : selection.head;
  const question: LiveQuestion = { modelId, layer, head, query, map, path: choice.path };
  const isLocked = scale === 'locked';
  const live = useLiveView(question, { top: isLocked ? top : null, opacity: view === 'plain' ? 1 : 0.72 });
  const { report, shown, wanted, sentence } = live;

  const name = `${MODEL_NAMES[modelId]}, ${MODEL_NOTES[modelId]}`;
  const describe = (newest: LiveReport | null): string =>
    newest === null
      ? 'No frame has gone through yet.'
      : describeFrame(newest, MODEL_NAMES[newest.question.modelId], CLASS_NAMES);
  const setWanted = (next: boolean): void => {
    live.setWanted(next);
    setSaid(next ? 'Running.' : `Paused. ${describe(report)}`);
  };

  return (
    <Staged>
      <Block
        title="Live"
        detail={`${name}; layer ${layer + 1}, ${headName(head)}, query ${tokenLabel(query, GEOMETRY)}`}
        id="live"
      >
        <LiveControls
          wanted={wanted}
          onWanted={setWanted}
          source={live.sourceKind}
          onSource={live.setSourceKind}
          studentId={studentId}
          choice={choice}
          onChoice={(change) => setChoice({ ...choice, ...change })}
          map={map}
          onMap={(next) => select({ map: next })}
        />
        {live.cameraOn && <CameraFeed onVideo={live.onVideo} onFailed={live.onCameraFailed} />}
        {sentence !== null && (
          <p role="alert" className={classes.alert}>
            {sentence}
          </p>
        )}
        <div className={classes.view}>
          <div className={classes.picture}>
            <LivePicture
              label={`Live: ${shown === 'clip' ? 'the clip' : 'the camera'} with the attention of ${tokenLabel(query, GEOMETRY)}, layer ${layer + 1}, ${headName(head)}, of ${name}`}
              geometry={GEOMETRY}
              inputSide={FAMILY.imageSize}
              isClassToken={query === 0}
              onPainter={live.onPainter}
            />
            <div className={classes.legend}>
              <ColorLegend
                orientation="horizontal"
                open={isLocked}
                label={`attention, ${report?.frame.map ?? 'softmaxed'}`}
                scale={attentionScale(isLocked ? top : 1)}
                note={isLocked ? 'the scale of the first tab' : 'times each row’s own maximum'}
              />
              <ScaleBadge scale={scale} />
            </div>
          </div>
          <div className={classes.answer}>
            <LiveBars
              label="Predictions"
              classNames={CLASS_NAMES}
              probabilities={report === null ? null : softmaxRow(report.frame.logits)}
              onBars={live.onBars}
            />
            <p className={classes.path} data-path={report?.frame.path ?? 'none'}>
              <strong>{report === null ? 'waiting for the first frame' : report.frame.kernels}</strong>
              <span>{report?.frame.pathReason}</span>
            </p>
          </div>
        </div>
        <div className={classes.saying}>
          <Button size="compact-xs" variant="default" onClick={() => setSaid(describe(report))}>
            Describe this frame
          </Button>
          <p role="status" className={classes.said}>
            {said}
          </p>
        </div>
        <p className={classes.note}>
          {shown === 'clip'
            ? `The clip is made on this page, of ${CLIP_SAMPLES.length} shipped test pictures of Fashion-MNIST (samples ${CLIP_SAMPLES.join(', ')}) that drift, turn, grow and fade into one another by seed ${CLIP_SEED}: the models never saw anything move.`
            : 'The camera’s picture is cropped to a square, made grey and small, and turned to bright on dark as the models know it; it never leaves this page. They know ten kinds of clothing and nothing else.'}
        </p>
      </Block>
      <LiveStagesPanel report={report} isRunning={wanted} />
    </Staged>
  );
}
