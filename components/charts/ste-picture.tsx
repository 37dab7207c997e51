import { memo, useId, type ReactNode } from 'react';
import { formatPercent } from '@/lib/viz/format';
import type { FrameBox, SteFrame } from '@/lib/viz/ste-frame';
import type { Interval, StepCurve } from '@/lib/viz/step-curve';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import classes from './ste-plot.module.css';

/** Around the plot, pixels. */
export const MARGIN = { left: 46, right: 42, top: 30, bottom: 40 } as const;
/** A share is written into regions at least this wide, pixels. */
const LABEL_WIDTH = 84;

export interface StePictureProps {
  readonly box: FrameBox;
  readonly frame: SteFrame;
  readonly lines: {
    readonly forward: StepCurve;
    readonly surrogate: StepCurve;
    readonly window: readonly Interval[];
  };
  readonly inputs: QuantizerView['inputs'];
}

/** Bars, window and lines of a quantizer's plot: what does not move with the cursor. */
export const StePicture = memo(function StePicture({ box, frame, lines, inputs }: StePictureProps): ReactNode {
  const id = useId();
  const regions = lines.window.map(({ lower, upper }) => ({
    lower: frame.placeX(lower),
    upper: frame.placeX(upper),
  }));
  const gaps = gapsBetween(regions, box);
  const height = box.bottom - box.top;
  const share = inputs?.insideShare ?? null;
  return (
    <>
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
    </>
  );
});

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
      <text x={(box.left + box.right) / 2} y={box.bottom + MARGIN.bottom - 6} textAnchor="middle">
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

/** A few words in the widest region, if they fit. */
function Share({ text, regions, y, quiet = false }: ShareProps): ReactNode {
  const [widest] = [...regions].sort((a, b) => b.upper - b.lower - (a.upper - a.lower));
  if (widest === undefined || widest.upper - widest.lower < LABEL_WIDTH) return null;
  return (
    <text x={(widest.lower + widest.upper) / 2} y={y} textAnchor="middle" className={classes.share} data-quiet={quiet}>
      {text}
    </text>
  );
}

/** The gaps between the regions, and to the ends of the plot. */
function gapsBetween(regions: readonly Interval[], box: FrameBox): readonly Interval[] {
  const edges = [box.left, ...regions.flatMap(({ lower, upper }) => [lower, upper]), box.right];
  return edges
    .flatMap((lower, i) => (i % 2 === 0 ? [{ lower, upper: edges[i + 1] ?? box.right }] : []))
    .filter(({ lower, upper }) => upper - lower > 1);
}
