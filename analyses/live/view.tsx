'use client';

import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ColorLegend } from '@/components/charts/color-legend';
import { LiveBars } from '@/components/charts/live-bars';
import { LivePicture } from '@/components/charts/live-picture';
import { attentionScale, lockedTop } from '@/components/analysis/locked-scale';
import { modelName, modelNote } from '@/components/analysis/model-names';
import { Staged } from '@/components/analysis/staged';
import { geometryAt, queryToken, tokenLabel } from '@/components/analysis/trace-row';
import { Block } from '@/components/ui/block';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import { selectStudent, selectTeacherTrace } from '@/state/derived';
import type { LiveQuestion, LiveReport } from '@/state/live-loop';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import { memberOf } from '@/models/families/family';
import { CameraFeed } from './camera-feed';
import { LiveControls, type LiveChoice } from './live-controls';
import { CLIP_SEED, clipSamples } from './live-sources';
import { LiveStagesPanel } from './live-stages-panel';
import { describeFrame, headName } from './live-words';
import { liveRow, useLiveView } from './use-live-view';
import classes from './live.module.css';

/** Picture after picture, with a model's attention over each, and a clock on every stage. */
export default function LiveTab() {
  const family = useAppState((state) => state.family);
  const clip = useAppState(({ image }) => image.samples);
  const selection = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const teacher = useResults(selectTeacherTrace);
  const { select } = useActions();
  const [choice, setChoice] = useState<LiveChoice>({ model: 'student', path: 'fastest', heads: 'one' });
  const [said, setSaid] = useState('');
  const top = useMemo(() => lockedTop(teacher), [teacher]);

  const { layer, query, map, scale, view } = selection;
  const geometry = useMemo(() => geometryAt(family, layer), [family, layer]);
  const token = queryToken(family, { layer, query });
  const { imageSize, inChannels } = family.config;
  const modelId = choice.model === 'teacher' && memberOf(family, 'teacher') !== null ? 'teacher' : studentId;
  const head = choice.heads === 'mean' ? null : selection.head;
  const question: LiveQuestion = { modelId, layer, head, query, map, path: choice.path };
  const isLocked = scale === 'locked';
  const live = useLiveView(question, { top: isLocked ? top : null, opacity: view === 'plain' ? 1 : 0.72 });
  const { report, shown, wanted, sentence } = live;

  const name = `${modelName(modelId)}, ${modelNote(modelId)}`;
  const describe = (newest: LiveReport | null): string =>
    newest === null
      ? 'No frame has gone through yet.'
      : describeFrame(
          newest,
          modelName(newest.question.modelId),
          family.classNames,
          liveRow(family, newest.question.layer, newest.question.query, newest.frame.attention),
        );
  const setWanted = (next: boolean): void => {
    live.setWanted(next);
    setSaid(next ? 'Running.' : `Paused. ${describe(report)}`);
  };

  return (
    <Staged>
      <Block
        title="Live"
        detail={`${name}; layer ${layer + 1}, ${headName(head)}, query ${tokenLabel(token, geometry)}`}
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
              label={`Live: ${shown === 'clip' ? 'the clip' : 'the camera'} with the attention of ${tokenLabel(token, geometry)}, layer ${layer + 1}, ${headName(head)}, of ${name}`}
              geometry={geometry}
              inputSide={imageSize}
              isClassToken={token < geometry.classTokens}
              onPainter={live.onPainter}
            />
            <div className={classes.legend}>
              <ColorLegend
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
              classNames={family.classNames}
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
            ? `The clip is made on this page, of ${clipSamples(clip ?? []).length} sample pictures that drift, turn, grow and fade into one another by seed ${CLIP_SEED}: the models never saw anything move.`
            : `The camera’s picture is cropped to a square${inChannels === 1 ? ', made grey and small, and turned to bright on dark as the models know it' : ` of ${imageSize} pixels`}; it never leaves this page.`}{' '}
          The models know {family.classesAre} and nothing else.
        </p>
      </Block>
      <LiveStagesPanel report={report} isRunning={wanted} />
    </Staged>
  );
}
