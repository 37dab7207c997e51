'use client';

import type { ResultOf } from '@/engine/analysis';
import { PRECISION_BITS, PRECISION_CURVE, type Precision, type PrecisionPoint } from '@/analyses/precision/protocol';
import { Button, Progress } from '@mantine/core';
import { useState } from 'react';
import { AccuracyCurve, type CurveLevel, type CurveLine } from '@/components/charts/accuracy-curve';
import type { SeriesStyle } from '@/components/charts/series-style';
import { modelName } from '@/components/analysis/model-names';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { useAnalysis, type AnalysisView } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { formatBits, formatCount, formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import { memberOf, type MemberId, type ModelFamily } from '@/models/families/family';
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

/** Where a family has that many samples. */
const FEWER = 100;

/** Apart from the models’ styles: these lines are settings of one model. */
const STYLES: { readonly [Line in CurveLineId]: SeriesStyle } = {
  weights: { color: 'var(--lens-focus)', marker: 'square', dash: '7 3', hollow: true },
  activations: { color: 'var(--lens-good)', marker: 'triangle', dash: '3 3', hollow: true },
  attention: { color: 'var(--lens-bad)', marker: 'diamond', dash: '9 3 2 3', hollow: true },
  all: { color: 'var(--lens-text)', marker: 'circle', dash: null, hollow: true },
};

/**
 * The quantized teacher over its bits: how often it is right, or where the classes of the family's pictures are not known, how often it
 * still gives its own full-precision answer.
 */
export function CurvePanel({ precision, onChange }: DialProps) {
  const family = useAppState((state) => state.family);
  const samples = useAppState((state) => state.image.samples);
  const [images, setImages] = useState<number | null>(null);
  // Settings off the lines that were asked for in addition; the worker remembers what it measured before.
  const [extras, setExtras] = useState<readonly Precision[]>([]);
  const settings = [...CURVE_SETTINGS, ...extras];
  const view = useAnalysis(PRECISION_CURVE, images === null ? null : { settings, images });
  const { points, isEarlier } = shownPoints(view.result, view.progress?.partial ?? null);
  const values = curveValues(points);
  const measured = points[0]?.images ?? null;
  const positions = placesOf(precision);
  const isLabelled = samples?.every(({ classIndex }) => classIndex !== null) ?? family.testSet !== null;
  const what = isLabelled ? 'Accuracy' : 'Agreement';

  if (memberOf(family, 'teacher') === null) {
    return (
      <Block title="Accuracy over bits" detail="not for this model" id="precision-curve">
        <p className={classes.dial}>
          This takes a full-precision model to quantize, and this one came trained binarized and alone.
        </p>
      </Block>
    );
  }
  return (
    <Block
      title={`${what} over bits`}
      detail={measured === null ? 'not measured yet' : `measured here on ${formatCount(measured)} sample pictures`}
      id="precision-curve"
      help="Each line turns one thing down and leaves the rest at 32 bits; the last turns down all three."
    >
      <About>
        {isLabelled
          ? 'How many of the sample pictures the quantized teacher still gets right, for every width of the dial: most widths cost nothing, and then the curve falls off a cliff. The straight lines are the students, which were trained with 1 bit and so stand on the far side of that cliff at heights that rounding alone does not reach.'
          : 'For how many of the sample pictures the quantized teacher still gives the answer that it gives at full precision, for every width of the dial. Nobody told the classes of these pictures, so this is agreement and not accuracy.'}
      </About>
      <Measure view={view} images={images} available={samples?.length ?? 0} onMeasure={setImages} />
      <div className={isEarlier && view.stale ? shared.stale : undefined} aria-busy={view.running}>
        <AccuracyCurve
          label={`${what} of the quantized teacher over bits`}
          xLabel="bits"
          xTicks={PRECISION_BITS.map(String)}
          xNames={PRECISION_BITS.map(formatBits)}
          lines={linesOf(values)}
          levels={levelsOf(values, family, measured, isLabelled)}
          marked={positions.map(({ line, bits }) => ({ line, index: PRECISION_BITS.indexOf(bits) }))}
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
        {trainedStudents(family).length > 0 && (
          <li>
            {trainingSentence(
              values.all[0] ?? null,
              trainedStudents(family).map(({ accuracy }) => accuracy),
            )}
          </li>
        )}
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
  const accuracy = points.find((point) => isSamePrecision(point.precision, precision))?.share ?? null;
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
  readonly view: AnalysisView<ResultOf<typeof PRECISION_CURVE>>;
  readonly images: number | null;
  /** Sample pictures that there are. */
  readonly available: number;
  readonly onMeasure: (images: number) => void;
}

/** Starts the measurement, shows how far it is, stops it; one row whose room is always kept. */
function Measure({
  view: { running, progress, error, result, stale, cancel, retry },
  images,
  available,
  onMeasure,
}: MeasureProps) {
  const isHere = (count: number) => images === count && !running && result !== null && !stale;
  return (
    <div className={classes.measure}>
      {(available > FEWER ? [FEWER, available] : [available]).map((count) => (
        <Button
          key={count}
          size="compact-sm"
          variant="default"
          disabled={count === 0 || running || isHere(count)}
          onClick={() => (images === count ? retry() : onMeasure(count))}
        >
          {count < available ? `Measure on ${count} images` : `Measure on all ${formatCount(count)}`}
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
      {images !== null && images <= FEWER && isHere(images) && (
        <span>
          One image of {images} is {formatPercent(1 / images, 0)}: differences of a few images mean nothing.
        </span>
      )}
    </div>
  );
}

function linesOf(values: CurveValues): readonly CurveLine[] {
  return CURVE_LINES.map((id) => ({ id, name: LINE_NAMES[id], style: STYLES[id], values: values[id] }));
}

interface TrainedStudent {
  readonly id: MemberId;
  readonly accuracy: number;
}

function trainedStudents({ members }: ModelFamily): readonly TrainedStudent[] {
  return members.flatMap(({ id, role, measured }) =>
    role === 'student' && measured !== null ? [{ id, accuracy: measured.testAccuracy }] : [],
  );
}

function levelsOf(
  values: CurveValues,
  family: ModelFamily,
  measured: number | null,
  isLabelled: boolean,
): readonly CurveLevel[] {
  const { testSet, config } = family;
  const onSame =
    measured === null ? 'on the same images' : `on the same ${formatCount(measured)} images, measured here`;
  return [
    {
      id: 'teacher',
      name: modelName('teacher'),
      note: onSame,
      style: modelIdentity('teacher'),
      value: values.all.at(-1) ?? null,
    },
    ...trainedStudents(family).map(({ id, accuracy }) => ({
      id,
      name: modelName(id),
      note: testSet === null ? 'by the recipe' : `on ${formatCount(testSet.images)} test images, by the recipe`,
      style: modelIdentity(id),
      value: accuracy,
    })),
    ...(isLabelled
      ? [
          {
            id: 'chance',
            name: 'guessing',
            note: `one of ${formatCount(config.numClasses)} classes`,
            style: { color: 'var(--lens-edge)', marker: 'square', dash: '1 3', hollow: true } as const,
            value: 1 / config.numClasses,
          },
        ]
      : []),
  ];
}
