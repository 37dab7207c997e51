'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useDocumentVisibility } from '@mantine/hooks';
import type { LivePainter } from '@/components/charts/live-painter';
import type { ShowProbabilities } from '@/components/charts/live-bars';
import { attentionScale, ownTop } from '@/components/analysis/locked-scale';
import { softmaxRow } from '@/lib/metrics/softmax-entry';
import { startLiveLoop, type LiveQuestion, type LiveReport } from '@/state/live-loop';
import { useAppState, useActions } from '@/state/use-app-state';
import type { LiveFrame } from '@/engine/protocol';
import { cameraSource, CLIP_SAMPLES, clipSource, type ShownSource } from './live-sources';

export type SourceKind = 'clip' | 'camera';

/** How a frame is drawn. */
export interface LiveLooks {
  /** Top of the locked scale; `null`: each row on a scale of its own. */
  readonly top: number | null;
  readonly opacity: number;
}

export interface LiveView {
  /** Whether the visitor wants it to run; while nobody can see the page it does not. */
  readonly wanted: boolean;
  readonly setWanted: (wanted: boolean) => void;
  readonly sourceKind: SourceKind;
  readonly setSourceKind: (kind: SourceKind) => void;
  /** What is drawn now; `camera` once its first picture is here. */
  readonly shown: SourceKind;
  /** Whether the camera is to be on. */
  readonly cameraOn: boolean;
  readonly onVideo: (video: HTMLVideoElement | null) => void;
  readonly onCameraFailed: (sentence: string) => void;
  readonly onPainter: (painter: LivePainter | null) => void;
  readonly onBars: (show: ShowProbabilities | null) => void;
  /** Of a moment ago. */
  readonly report: LiveReport | null;
  /** Why the camera or the model does not run. */
  readonly sentence: string | null;
}

const startsByItself = (): boolean => !window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The loop behind the tab: runs while it is wanted and seen, and draws one still frame for every question asked while it rests. */
export function useLiveView(question: LiveQuestion, looks: LiveLooks): LiveView {
  const { live } = useActions();
  const samples = useAppState((state) => state.image.samples);
  const isVisible = useDocumentVisibility() === 'visible';
  const [wanted, setWanted] = useState(startsByItself);
  const [sourceKind, chooseSource] = useState<SourceKind>('clip');
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [report, setReport] = useState<LiveReport | null>(null);
  const [sentence, setSentence] = useState<string | null>(null);

  const clip = useMemo(() => {
    const pictures = CLIP_SAMPLES.flatMap((index) => samples?.[index]?.bytes ?? []);
    return pictures.length === 0 ? null : clipSource(pictures);
  }, [samples]);
  const camera = useMemo(() => video && cameraSource(video), [video]);
  const source: ShownSource | null = camera ?? clip;

  const painter = useRef<LivePainter | null>(null);
  const bars = useRef<ShowProbabilities | null>(null);
  const asked = useRef(question);
  const inspected = useRef(looks);
  useEffect(() => {
    asked.current = question;
    inspected.current = looks;
  });

  const isRunning = wanted && isVisible;
  // A running loop reads its question anew with every frame; one that rests is asked again.
  const restKey = isRunning ? '' : JSON.stringify([question, looks]);
  useEffect(() => {
    if (source === null || (!isRunning && source.picture !== null)) return undefined;
    source.setMoving(isRunning);
    const stop = startLiveLoop({
      source,
      question: () => asked.current,
      send: live,
      draw: (frame, answered) => {
        paint(painter.current, source, frame, answered, inspected.current);
        const probabilities = softmaxRow(frame.logits);
        if (probabilities !== null) bars.current?.(probabilities);
      },
      report: (newest) => {
        setReport(newest);
        if (!isRunning) stop();
      },
      fail: (why) => {
        setSentence(why);
        setWanted(false);
      },
      now: () => performance.now(),
      nextTick: (callback) => {
        const request = requestAnimationFrame(callback);
        return () => cancelAnimationFrame(request);
      },
    });
    return stop;
  }, [source, isRunning, restKey, live]);

  const setSourceKind = useCallback((kind: SourceKind) => {
    setSentence(null);
    chooseSource(kind);
    if (kind === 'camera') setWanted(true);
  }, []);
  return {
    wanted,
    setWanted: (value) => {
      setSentence(null);
      setWanted(value);
    },
    sourceKind,
    setSourceKind,
    shown: camera === null ? 'clip' : 'camera',
    cameraOn: sourceKind === 'camera' && isRunning,
    onVideo: setVideo,
    onCameraFailed: useCallback((why: string) => {
      setSentence(`${why} The clip goes on instead.`);
      chooseSource('clip');
    }, []),
    onPainter: useCallback((newest: LivePainter | null) => void (painter.current = newest), []),
    onBars: useCallback((newest: ShowProbabilities | null) => void (bars.current = newest), []),
    report,
    sentence,
  };
}

function paint(
  painter: LivePainter | null,
  { picture }: ShownSource,
  { pixels, attention }: LiveFrame,
  { query }: LiveQuestion,
  { top, opacity }: LiveLooks,
): void {
  const scale = attentionScale(top ?? ownTop(attention));
  painter?.paint({ pixels, picture, attention, query, scale, opacity });
}
