'use client';

import { Button, Progress } from '@mantine/core';
import { useState } from 'react';
import { AccuracyCurve, type CurveLevel, type CurveLine } from '@/components/charts/accuracy-curve';
import type { SeriesLook } from '@/components/charts/series-style';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { useAnalysis, type AnalysisView } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { formatBits, formatCount, formatPercent } from '@/lib/viz/format';
import { MODEL_IDENTITY } from '@/lib/viz/model-identity';
import { PRECISION_BITS, type Precision, type PrecisionPoint } from '@/engine/analysis';
import { FAMILY, SAMPLE_COUNT, STUDENT_IDS, type ManifestModel } from '@/engine/protocol';
import {
  cliffSentences,
  curveValues,
  LINE_NAMES,
  shownPoints,
  trainingSentence,
  type CurveValues,
} from './curve-numbers';
import type { DialProps } from './dial-panel';
import {
  CURVE_LINES,
  CURVE_SETTINGS,
  isSamePrecision,
  placesOf,
  precisionLabel,
  settingAt,
  type CurveLineId,
} from './precision-settings';
import shared from '../../components/analysis/panels.module.css';
import classes from './curve-panel.module.css';

const COUNTS = [100, SAMPLE_COUNT] as const;

/** Apart from the models' looks: these lines are settings of one model. */
const LOOKS: { readonly [Line in CurveLineId]: SeriesLook } = {
  weights: { color: 'var(--lens-focus)', marker: 'square', dash: '7 3', hollow: true },
  activations: { color: 'var(--lens-good)', marker: 'triangle', dash: '3 3', hollow: true },
  attention: { color: 'var(--lens-bad)', marker: 'diamond', dash: '9 3 2 3', hollow: true },
  all: { color: 'var(--lens-text)', marker: 'circle', dash: undefined, hollow: true },
};

const CHANCE: CurveLevel = {
  id: 'chance',
  name: 'guessing',
  note: `one of ${FAMILY.classes} classes`,
  look: { color: 'var(--lens-edge)', marker: 'square', dash: '1 3', hollow: true },
  value: 1 / FAMILY.classes,
};

/** Accuracy of the quantized teacher over its bits: where it falls, and what students trained with 1 bit reach. */
export function CurvePanel(props: DialProps) {
  const isFamily = useAppState((state) => state.subject.kind === 'family');
  if (isFamily) return <FamilyCurve {...props} />;
  return (
    <Block title="Accuracy over bits" detail="not for this model" id="precision-curve">
      <p className={classes.dial}>
        Accuracy needs pictures whose classes are known, and those that ship are 28 × 28 and grey. The dial above works.
      </p>
    </Block>
  );
}

function FamilyCurve({ precision, onChange }: DialProps) {
  const family = useAppState((state) => state.family);
  const [images, setImages] = useState<number | null>(null);
  // Settings off the lines that were asked for in addition; the worker remembers what it measured before.
  const [extras, setExtras] = useState<readonly Precision[]>([]);
  const settings = [...CURVE_SETTINGS, ...extras];
  const view = useAnalysis('precision-curve', images === null ? null : { settings, images });
  const { points, isEarlier } = shownPoints(view.result, view.progress?.partial ?? null);
  const values = curveValues(points);
  const measured = points[0]?.images ?? null;
  const places = placesOf(precision);

  return (
    <Block
      title="Accuracy over bits"
      detail={measured === null ? 'not measured yet' : `measured here on ${formatCount(measured)} shipped images`}
      id="precision-curve"
      help="Each line turns one thing down and leaves the rest at 32 bits; the last turns down all three."
    >
      <About>
        How many of the shipped test images the quantized teacher still gets right, for every width of the dial: most
        widths cost nothing, and then the curve falls off a cliff. The straight lines are the students, which were
        trained with 1 bit and so stand on the far side of that cliff at heights that rounding alone does not reach.
      </About>
      <Measure view={view} images={images} onMeasure={setImages} />
      <div className={isEarlier && view.stale ? shared.stale : undefined} aria-busy={view.running}>
        <AccuracyCurve
          label="Accuracy of the quantized teacher over bits"
          xLabel="bits"
          xTicks={PRECISION_BITS.map(String)}
          xNames={PRECISION_BITS.map(formatBits)}
          lines={linesOf(values)}
          levels={levelsOf(values, family, measured)}
          marked={places.map(({ line, bits }) => ({ line, index: PRECISION_BITS.indexOf(bits) }))}
          onSelect={({ line, index }) => {
            const id = CURVE_LINES.find((each) => each === line);
            const bits = PRECISION_BITS[index];
            if (id !== undefined && bits !== undefined) onChange(settingAt(id, bits));
          }}
        />
      </div>
      <DialLine
        precision={precision}
        points={points}
        onMeasure={images === null || view.running ? null : () => setExtras([...extras, precision])}
      />
      <ul className={classes.sentences}>
        {cliffSentences(values).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>
          {trainingSentence(
            values.all[0] ?? null,
            studentsOf(family).map(({ testAccuracy }) => testAccuracy),
          )}
        </li>
      </ul>
    </Block>
  );
}

interface DialLineProps {
  readonly precision: Precision;
  readonly points: readonly PrecisionPoint[];
  /** `null` while nothing can be measured. */
  readonly onMeasure: (() => void) | null;
}

/** Where the dial stands, on a line or off them all. */
function DialLine({ precision, points, onMeasure }: DialLineProps) {
  const accuracy = points.find((point) => isSamePrecision(point.precision, precision))?.accuracy ?? null;
  const isOnLine = placesOf(precision).length > 0;
  const what = isOnLine
    ? `${accuracy === null ? 'The' : 'Ringed, the'} dial as it stands`
    : 'The dial as it stands, on none of these lines';
  return (
    <p className={classes.dial}>
      <span>
        {what} ({precisionLabel(precision)}): <strong>{formatPercent(accuracy)}</strong>
        {accuracy === null && ', not measured'}
      </span>
      {!isOnLine && accuracy === null && onMeasure !== null && (
        <Button size="compact-xs" variant="default" onClick={onMeasure}>
          Measure it too
        </Button>
      )}
    </p>
  );
}

interface MeasureProps {
  readonly view: AnalysisView<'precision-curve'>;
  readonly images: number | null;
  readonly onMeasure: (images: number) => void;
}

/** Starts the measurement, shows how far it is, stops it; one row whose room is always kept. */
function Measure({
  view: { running, progress, error, result, stale, cancel, retry },
  images,
  onMeasure,
}: MeasureProps) {
  const isHere = (count: number) => images === count && !running && result !== null && !stale;
  return (
    <div className={classes.measure}>
      {COUNTS.map((count) => (
        <Button
          key={count}
          size="compact-sm"
          variant="default"
          disabled={running || isHere(count)}
          onClick={() => (images === count ? retry() : onMeasure(count))}
        >
          {count === 100 ? 'Measure on 100 images' : `Measure on all ${formatCount(count)}`}
        </Button>
      ))}
      {running && (
        <div className={classes.progress}>
          <span>{progress === null ? 'Starting' : `${progress.what}: ${progress.done} of ${progress.total}`}</span>
          <Progress
            className={classes.bar}
            size="sm"
            value={progress === null ? 0 : (100 * progress.done) / Math.max(1, progress.total)}
            aria-label="Progress of the accuracy over bits"
          />
          <Button size="compact-xs" variant="default" onClick={cancel}>
            Cancel
          </Button>
        </div>
      )}
      {!running && error !== null && (
        <span role="alert" className={classes.error}>
          {error}
        </span>
      )}
      {!running && error === null && images !== null && result === null && <span>Stopped.</span>}
      {isHere(100) && <span>Of 100 images one is a percentage point: take the last digits lightly.</span>}
    </div>
  );
}

function linesOf(values: CurveValues): readonly CurveLine[] {
  return CURVE_LINES.map((id) => ({ id, name: LINE_NAMES[id], look: LOOKS[id], values: values[id] }));
}

function studentsOf(family: readonly ManifestModel[] | null): readonly ManifestModel[] {
  return STUDENT_IDS.flatMap((id) => family?.filter((model) => model.id === id) ?? []);
}

function levelsOf(
  values: CurveValues,
  family: readonly ManifestModel[] | null,
  measured: number | null,
): readonly CurveLevel[] {
  const lookOf = (id: keyof typeof MODEL_IDENTITY): SeriesLook => {
    const { color, marker, dash } = MODEL_IDENTITY[id];
    return { color, marker, dash: dash ?? undefined, hollow: false };
  };
  return [
    {
      id: 'teacher',
      name: MODEL_NAMES.teacher,
      note: measured === null ? 'on the same images' : `on the same ${formatCount(measured)} images, measured here`,
      look: lookOf('teacher'),
      value: values.all.at(-1) ?? null,
    },
    ...studentsOf(family).map(({ id, testAccuracy }) => ({
      id,
      name: MODEL_NAMES[id],
      note: 'on 10,000 test images, by the recipe',
      look: lookOf(id),
      value: testAccuracy,
    })),
    CHANCE,
  ];
}
