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
import { liveInput } from '@/lib/images/live-input';
import { rowOf, spreadRow } from '@/lib/viz/attention-rows';
import { layerAt } from '@/models/architectures/layer-shape';
import type { ModelFamily } from '@/models/families/family';
import { geometryAt, queryToken } from '@/components/analysis/trace-row';
import { cameraSource, clipSamples, clipSource, type ShownSource } from './live-sources';
import type { LiveRow } from './live-words';

export type SourceKind = 'clip' | 'camera';

/** How a frame is drawn. */
export interface LiveStyle {
  /** Top of the locked scale; `null`: each row on a scale of its own. */
  readonly top: number | null;
  readonly opacity: number;
}

export interface LiveView {
  /** Whether the user wants it to run; while nobody can see the page it does not. */
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
export function useLiveView(question: LiveQuestion, style: LiveStyle): LiveView {
  const { live } = useActions();
  const family = useAppState((state) => state.family);
  const clip = useClip();
  const isVisible = useDocumentVisibility() === 'visible';
  const [wanted, setWanted] = useState(startsByItself);
  const [sourceKind, chooseSource] = useState<SourceKind>('clip');
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [report, setReport] = useState<LiveReport | null>(null);
  const [sentence, setSentence] = useState<string | null>(null);

  const { preprocessing, config } = family;
  const input = useMemo(() => liveInput(preprocessing), [preprocessing]);
  const camera = useMemo(() => video && cameraSource(video, input.side), [video, input]);
  const source: ShownSource | null = camera ?? clip;

  const painter = useRef<LivePainter | null>(null);
  const bars = useRef<ShowProbabilities | null>(null);
  const asked = useRef(question);
  const drawn = useRef(style);
  useEffect(() => {
    asked.current = question;
    drawn.current = style;
  });

  const isRunning = wanted && isVisible;
  // A running loop reads its question anew with every frame; one that rests is asked again.
  const restKey = isRunning ? '' : JSON.stringify([question, style]);
  useEffect(() => {
    if (source === null || (!isRunning && source.picture !== null)) return undefined;
    source.setMoving(isRunning);
    const stop = startLiveLoop({
      source,
      input,
      pixelCount: config.inChannels * config.imageSize ** 2,
      question: () => asked.current,
      send: live,
      draw: (frame, answered) => {
        paint(painter.current, source, frame, answered, family, drawn.current);
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
  }, [source, isRunning, restKey, live, input, config, family]);

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

/** The samples that move, once their pixels are here. */
function useClip(): ShownSource | null {
  const family = useAppState((state) => state.family);
  const samples = useAppState((state) => state.image.samples);
  const { sampleImage } = useActions();
  const [clip, setClip] = useState<ShownSource | null>(null);
  useEffect(() => {
    let isOver = false;
    const chosen = clipSamples(samples ?? []);
    void Promise.all(chosen.map((sample) => sampleImage(sample))).then(
      (images) => {
        if (isOver || images.length === 0) return;
        setClip(
          clipSource(
            images.map(({ bytes }) => bytes),
            family.config.imageSize,
          ),
        );
      },
      () => undefined, // without pictures there is no clip; the camera still works
    );
    return () => {
      isOver = true;
    };
  }, [samples, family, sampleImage]);
  return clip;
}

function paint(
  painter: LivePainter | null,
  { picture }: ShownSource,
  { pixels, attention }: LiveFrame,
  { layer, query }: LiveQuestion,
  family: ModelFamily,
  { top, opacity }: LiveStyle,
): void {
  const scale = attentionScale(top ?? ownTop(attention));
  const row = liveRow(family, layer, query, attention);
  painter?.paint({ pixels, picture, attention: row.attention, query: row.token, scale, opacity });
}

/** A frame's row over all tokens of its layer. */
export function liveRow(family: ModelFamily, layer: number, query: number, attention: Float32Array): LiveRow {
  const { layout } = layerAt(family.layers, layer);
  const token = queryToken(family, { layer, query });
  return { geometry: geometryAt(family, layer), token, attention: spreadRow(layout, rowOf(layout, token), attention) };
}
