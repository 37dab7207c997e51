import { useId, useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable } from '@/components/charts/view-as-table';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import { nearestSample, stepCurve, whereNotZero, type Interval, type StepCurve } from '@/lib/viz/step-curve';
import { steFrame, type FrameBox, type SteFrame } from '@/lib/viz/ste-frame';
import { steTable } from '@/lib/viz/ste-table';
import type { QuantizerView } from '@/lib/worker/analysis';
import classes from './ste-plot.module.css';

export interface StePlotProps {
  /** Whose: `Elastic, attention`. */
  readonly label: string;
  readonly curve: QuantizerView['curve'];
  readonly inputs: QuantizerView['inputs'];
  /** How high the bars stand. */
  readonly counting: 'linear' | 'log';
  /** Stands left of the table toggle. */
  readonly header?: ReactNode;
}

const HEIGHT = 340;
const MARGIN = { left: 46, right: 42, top: 30, bottom: 40 } as const;
/** A share is written into its region only where it has this much room. */
const LABEL_WIDTH = 84;
const FAST_STEPS = 10;

/**
 * A quantizer on one axis: what it puts out (a step line), what training uses for its derivative (a dashed line on an axis of its own), and how
 * often each input occurs (bars). The window in which a gradient passes is shaded, the rest hatched. A cursor reads all three, by pointer or arrows.
 */
export function StePlot({ label, curve, inputs, counting, header }: StePlotProps): ReactNode {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [sample, setSample] = useState<number | null>(null);
  const box: FrameBox = {
    left: MARGIN.left,
    right: Math.max(MARGIN.left + 80, width - MARGIN.right),
    top: MARGIN.top,
    bottom: HEIGHT - MARGIN.bottom,
  };
  const frame = steFrame({ box, curve, counts: inputs?.counts ?? [], counting });
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
    const target = sampleAfter(event.key, shown, last);
    if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(target);
  };

  return (
    <ViewAsTable table={() => steTable(label, curve, inputs)} header={header}>
      <div ref={ref} className={classes.plot}>
        <Picture box={box} width={width} frame={frame} lines={lines} inputs={inputs} at={at} curve={curve} />
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
      <p className={classes.reading}>
        {at === null
          ? 'Point at the plot, or focus it and use the arrows, to read it.'
          : readingOf(curve, at).map((text) => <span key={text}>{text}</span>)}
      </p>
    </ViewAsTable>
  );
}

interface PictureProps {
  readonly box: FrameBox;
  readonly width: number;
  readonly frame: SteFrame;
  readonly lines: {
    readonly forward: StepCurve;
    readonly surrogate: StepCurve;
    readonly window: readonly Interval[];
  };
  readonly inputs: QuantizerView['inputs'];
  readonly curve: QuantizerView['curve'];
  /** The sample under the reading line. */
  readonly at: number | null;
}

/** What the reading line reads; hidden from assistive technology, which has the reading line and the table. */
function Picture({ box, width, frame, lines, inputs, curve, at }: PictureProps): ReactNode {
  const id = useId();
  const regions = lines.window.map(({ lower, upper }) => ({
    lower: frame.placeX(lower),
    upper: frame.placeX(upper),
  }));
  const gaps = gapsBetween(regions, box);
  const height = box.bottom - box.top;
  const share = inputs?.insideShare ?? null;
  return (
    <svg
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className={classes.picture}
      aria-hidden="true"
    >
      <defs>
        <pattern id={`${id}hatch`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="7" className={classes.hatch} />
        </pattern>
        <clipPath id={`${id}inside`}>
          {regions.map(({ lower, upper }) => (
            <rect key={lower} x={lower} y={box.top} width={Math.max(0, upper - lower)} height={height} />
          ))}
        </clipPath>
      </defs>
      {gaps.map(({ lower, upper }) => (
        <rect key={lower} x={lower} y={box.top} width={upper - lower} height={height} fill={`url(#${id}hatch)`} />
      ))}
      {regions.map(({ lower, upper }) => (
        <rect
          key={lower}
          x={lower}
          y={box.top}
          width={Math.max(1.5, upper - lower)}
          height={height}
          className={classes.window}
        />
      ))}
      {inputs !== null && (
        <>
          <Bars inputs={inputs} frame={frame} box={box} className={classes.bar} />
          <g clipPath={`url(#${id}inside)`}>
            <Bars inputs={inputs} frame={frame} box={box} className={classes.barInside} />
          </g>
        </>
      )}
      {regions
        .flatMap(({ lower, upper }) => [lower, upper])
        .filter((edge) => edge > box.left + 1 && edge < box.right - 1)
        .map((edge) => (
          <line key={edge} x1={edge} x2={edge} y1={box.top} y2={box.bottom} className={classes.edge} />
        ))}
      <Axes box={box} frame={frame} />
      <Line curve={lines.surrogate} placeX={frame.placeX} placeY={frame.placeSurrogate} kind="surrogate" />
      <Line curve={lines.forward} placeX={frame.placeX} placeY={frame.placeForward} kind="forward" />
      {share !== null && <Share text={`${formatPercent(share)} inside`} regions={regions} y={box.top + 15} />}
      {share !== null && share < 1 && <Share text="no gradient" regions={gaps} y={box.top + 15} quiet />}
      {at !== null && (
        <g className={classes.reader}>
          <line x1={frame.placeX(curve.x[at] ?? 0)} x2={frame.placeX(curve.x[at] ?? 0)} y1={box.top} y2={box.bottom} />
          <circle
            cx={frame.placeX(curve.x[at] ?? 0)}
            cy={frame.placeSurrogate(curve.surrogate[at] ?? 0)}
            r="4.5"
            data-of="surrogate"
          />
          <circle
            cx={frame.placeX(curve.x[at] ?? 0)}
            cy={frame.placeForward(curve.forward[at] ?? 0)}
            r="4.5"
            data-of="forward"
          />
        </g>
      )}
    </svg>
  );
}

interface BarsProps {
  readonly inputs: NonNullable<QuantizerView['inputs']>;
  readonly frame: SteFrame;
  readonly box: FrameBox;
  readonly className: string | undefined;
}

function Bars({ inputs, frame, box, className }: BarsProps): ReactNode {
  return inputs.counts.map((count, i) => {
    const left = frame.placeX(inputs.edges[i] ?? 0);
    const right = frame.placeX(inputs.edges[i + 1] ?? 0);
    const top = frame.placeCount(count);
    const gap = right - left > 4 ? 1 : 0;
    return count === 0 ? null : (
      <rect
        key={i}
        x={left}
        y={top}
        width={Math.max(0.5, right - left - gap)}
        height={box.bottom - top}
        className={className}
      />
    );
  });
}

function Axes({ box, frame }: { readonly box: FrameBox; readonly frame: SteFrame }): ReactNode {
  return (
    <g className={classes.axes}>
      <line x1={box.left} x2={box.right} y1={box.bottom} y2={box.bottom} />
      {frame.zero < box.bottom - 1 && (
        <line x1={box.left} x2={box.right} y1={frame.zero} y2={frame.zero} className={classes.zero} />
      )}
      {frame.ticksX.map(({ at, label }) => (
        <g key={label} transform={`translate(${at},${box.bottom})`}>
          <line y2="4" />
          <text y="16" textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {frame.ticksForward.map(({ at, label }) => (
        <text key={label} x={box.left - 7} y={at} dy="0.32em" textAnchor="end">
          {label}
        </text>
      ))}
      {frame.ticksSurrogate.map(({ at, label }) => (
        <text key={label} x={box.right + 7} y={at} dy="0.32em" className={classes.surrogateText}>
          {label}
        </text>
      ))}
      <text x="0" y="13" className={classes.forwardTitle}>
        out, forward
      </text>
      <text x={box.right + MARGIN.right} y="13" textAnchor="end" className={classes.surrogateTitle}>
        derivative in training
      </text>
      <text x={(box.left + box.right) / 2} y={HEIGHT - 6} textAnchor="middle">
        in, x
      </text>
    </g>
  );
}

interface LineProps {
  readonly curve: StepCurve;
  readonly placeX: (x: number) => number;
  readonly placeY: (y: number) => number;
  readonly kind: 'forward' | 'surrogate';
}

function Line({ curve, placeX, placeY, kind }: LineProps): ReactNode {
  return (
    <g className={classes.line} data-kind={kind}>
      {curve.jumps.map(({ x, from, to }) => (
        <line key={`${x}`} x1={placeX(x)} x2={placeX(x)} y1={placeY(from)} y2={placeY(to)} className={classes.jump} />
      ))}
      {curve.pieces.map((piece) => {
        const [first] = piece;
        if (first === undefined) return null;
        if (piece.length === 1) return <circle key={first.x} cx={placeX(first.x)} cy={placeY(first.y)} r="3.5" />;
        return <polyline key={first.x} points={piece.map(({ x, y }) => `${placeX(x)},${placeY(y)}`).join(' ')} />;
      })}
    </g>
  );
}

interface ShareProps {
  readonly text: string;
  readonly regions: readonly Interval[];
  readonly y: number;
  readonly quiet?: boolean;
}

/** A few words in the widest of some regions, where it has the room. */
function Share({ text, regions, y, quiet = false }: ShareProps): ReactNode {
  const [widest] = [...regions].sort((a, b) => b.upper - b.lower - (a.upper - a.lower));
  if (widest === undefined || widest.upper - widest.lower < LABEL_WIDTH) return null;
  return (
    <text x={(widest.lower + widest.upper) / 2} y={y} textAnchor="middle" className={classes.share} data-quiet={quiet}>
      {text}
    </text>
  );
}

/** What lies between some regions and the ends of the plot. */
function gapsBetween(regions: readonly Interval[], box: FrameBox): readonly Interval[] {
  const edges = [box.left, ...regions.flatMap(({ lower, upper }) => [lower, upper]), box.right];
  return edges
    .flatMap((lower, i) => (i % 2 === 0 ? [{ lower, upper: edges[i + 1] ?? box.right }] : []))
    .filter(({ lower, upper }) => upper - lower > 1);
}

/** Where a key leads among the samples; `null` for a key that does not move. */
function sampleAfter(key: string, sample: number, last: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return sample - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return sample + 1;
    case 'PageDown':
      return sample - FAST_STEPS;
    case 'PageUp':
      return sample + FAST_STEPS;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

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
