'use client';

import type { ReactNode } from 'react';
import type { Preprocessing } from '@/lib/images/preprocessing';
import { formatCount, formatFixed } from '@/lib/viz/format';
import { architectureOf } from '@/models/architectures/configs';
import { useAppState } from '@/state/use-app-state';
import classes from './model-panel.module.css';

/** What a checkpoint holds, and how pictures become its input. */
export default function CheckpointFacts(): ReactNode {
  const { config, layers, preprocessing } = useAppState((state) => state.family);
  const report = useAppState((state) => state.opening.report);
  if (report === null) return null;
  const { imageSize, numClasses } = config;
  const precision = report.isBinary ? 'trained binarized' : 'full precision';
  return (
    <p className={classes.measured}>
      {architectureOf(config).label}, {precision}: {formatCount(report.parameters)} parameters, {imageSize} ×{' '}
      {imageSize} pixels, {layers.length} layers, {formatCount(numClasses)} classes. {inputSentence(preprocessing)}{' '}
      Nothing of it leaves this device.
    </p>
  );
}

function inputSentence(preprocessing: Preprocessing): string {
  if (preprocessing.kind !== 'photo') return '';
  const { imageSize, resize, interpolation, mean, std, source } = preprocessing;
  const list = (values: readonly number[]) => values.map((value) => formatFixed(value, 3)).join(', ');
  const origin = source === 'config.json' ? 'as its config.json states' : 'assumed, as usual for ImageNet';
  return `Pictures: shorter side to ${resize} pixels, ${interpolation}, the middle ${imageSize}; mean ${list(mean)}, deviation ${list(std)}, ${origin}.`;
}
