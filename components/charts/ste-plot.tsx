import { useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { MARGIN, StePicture } from '@/components/charts/ste-picture';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import { nearestSample, stepCurve, whereNotZero } from '@/lib/viz/step-curve';
import { steFrame, type FrameBox, type SteFrame } from '@/lib/viz/ste-frame';
import { steTable } from '@/lib/viz/ste-table';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import chart from './chart.module.css';
import classes from './ste-plot.module.css';

export interface StePlotProps {
  /** Whose: `Elastic, attention`. */
  readonly label: string;
  readonly curve: QuantizerView['curve'];
  readonly inputs: QuantizerView['inputs'];
  /** Scale of the bars' heights. */
  readonly counting: 'linear' | 'log';
  /** Left of the table toggle. */
  readonly header?: ReactNode;
}

const HEIGHT = 340;
const FAST_STEPS = 10;

/**
 * A quantizer: its output (a step line), the derivative that training uses (a dashed line on an axis of its own) and a histogram of its inputs.
 * The window in which a gradient passes is shaded, the rest hatched. A cursor, moved by pointer or arrows, reads all three.
 */
export function StePlot({ label, curve, inputs, counting, header }: StePlotProps): ReactNode {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [sample, setSample] = useState<number | null>(null);
  const box: FrameBox = useMemo(
    () => ({
      left: MARGIN.left,
      right: Math.max(MARGIN.left + 80, width - MARGIN.right),
      top: MARGIN.top,
      bottom: HEIGHT - MARGIN.bottom,
    }),
    [width],
  );
  const frame = useMemo(
    () => steFrame({ box, curve, counts: inputs?.counts ?? [], counting }),
    [box, curve, inputs, counting],
  );
  const lines = useMemo(
    () => ({
      forward: stepCurve(curve.x, curve.forward),
      surrogate: stepCurve(curve.x, curve.surrogate),
      window: whereNotZero(curve.x, curve.surrogate),
    }),
    [curve],
  );
  const last = curve.x.length - 1;
  const at = sample === null ? null : Math.min(sample, last);
  const shown = at ?? nearestSample(curve.x, 0);

  const moveTo = (index: number) => setSample(Math.min(last, Math.max(0, index)));
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    moveTo(nearestSample(curve.x, frame.valueOfX(box.left + event.clientX - left)));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = KEYS[event.key]?.(shown, last);
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(target);
  };

  return (
    <ViewAsTable table={() => steTable(label, curve, inputs)} header={header}>
      <div ref={ref} className={classes.plot}>
        {/* Assistive technology has the cursor and the table. */}
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className={`${chart.svg} ${classes.picture}`}
          aria-hidden="true"
        >
          <StePicture box={box} frame={frame} lines={lines} inputs={inputs} />
          {at !== null && <Reader box={box} frame={frame} curve={curve} sample={at} />}
        </svg>
        <div
          role="slider"
          tabIndex={0}
          className={classes.cursor}
          style={{ left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top }}
          aria-label={`Reading line of ${label}`}
          aria-orientation="horizontal"
          aria-valuemin={rounded(curve.x[0])}
          aria-valuemax={rounded(curve.x[last])}
          aria-valuenow={rounded(curve.x[shown])}
          aria-valuetext={readingOf(curve, shown).join(', ')}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            if (event.target.matches(':focus-visible')) moveTo(shown);
          }}
          onBlur={() => setSample(null)}
          onPointerMove={onPointer}
          onPointerDown={onPointer}
          onPointerLeave={(event) => {
            if (document.activeElement !== event.currentTarget) setSample(null);
          }}
        />
      </div>
      <p className={`${chart.readout} ${classes.reading}`}>
        {at === null
          ? 'Point at the plot, or focus it and use the arrows, to read it.'
          : readingOf(curve, at).map((text) => <span key={text}>{text}</span>)}
      </p>
    </ViewAsTable>
  );
}

interface ReaderProps {
  readonly box: FrameBox;
  readonly frame: SteFrame;
  readonly curve: QuantizerView['curve'];
  readonly sample: number;
}

/** The cursor, with a point on either curve. */
function Reader({ box, frame, curve, sample }: ReaderProps): ReactNode {
  const x = frame.placeX(curve.x[sample] ?? 0);
  return (
    <g className={classes.reader}>
      <line x1={x} x2={x} y1={box.top} y2={box.bottom} />
      <circle cx={x} cy={frame.placeSurrogate(curve.surrogate[sample] ?? 0)} r="4.5" data-of="surrogate" />
      <circle cx={x} cy={frame.placeForward(curve.forward[sample] ?? 0)} r="4.5" data-of="forward" />
    </g>
  );
}

const KEYS: { readonly [Key in string]?: (sample: number, last: number) => number } = {
  ArrowLeft: (sample) => sample - 1,
  ArrowDown: (sample) => sample - 1,
  ArrowRight: (sample) => sample + 1,
  ArrowUp: (sample) => sample + 1,
  PageDown: (sample) => sample - FAST_STEPS,
  PageUp: (sample) => sample + FAST_STEPS,
  Home: () => 0,
  End: (_, last) => last,
};

function readingOf({ x, forward, surrogate }: QuantizerView['curve'], sample: number): readonly string[] {
  return [
    `x ${formatNumber(x[sample])}`,
    `forward ${formatNumber(forward[sample])}`,
    `derivative ${formatNumber(surrogate[sample])}`,
  ];
}

/** As many digits as are read out. */
function rounded(value: number | undefined): number {
  return Number((value ?? 0).toPrecision(3));
}
