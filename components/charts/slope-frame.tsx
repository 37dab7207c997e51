/** What stands about the lines of a slopegraph. */
import type { ReactNode } from 'react';
import type { SlopeTie } from '@/lib/viz/slope-layout';
import classes from './slopegraph.module.css';

interface SlopeHeadsProps {
  readonly leftName: string;
  readonly rightName: string;
  readonly leftQuantity: string;
  readonly rightQuantity: string;
}

/** What either side ranks by. */
export function SlopeHeads({ leftName, rightName, leftQuantity, rightQuantity }: SlopeHeadsProps): ReactNode {
  return (
    <div className={classes.heads}>
      <span>
        <strong>{leftName}</strong> by {leftQuantity}
      </span>
      <span>
        <strong>{rightName}</strong> by {rightQuantity}
      </span>
    </div>
  );
}

interface RankGridProps {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly top: number;
  readonly yOf: (rank: number) => number;
}

/** A line for every top rank and for every tenth beyond, numbered at the left, where no key of the top ends. */
export function RankGrid({ from, to, size, top, yOf }: RankGridProps): ReactNode {
  const tens = Array.from({ length: Math.floor(size / 10) }, (_, index) => 10 * (index + 1)).filter(
    (rank) => rank > top + 4,
  );
  const ranks = [...Array.from({ length: top }, (_, index) => index + 1), ...tens];
  return (
    <>
      {ranks.map((rank) => (
        <path key={rank} d={`M${from},${yOf(rank)}H${to}`} className={classes.rule} />
      ))}
      <path d={`M${from},${yOf(top + 0.5)}H${to}`} className={classes.break} />
      {tens.map((rank) => (
        <text key={rank} x={from - 6} y={yOf(rank)} textAnchor="end" className={classes.tick}>
          {rank}
        </text>
      ))}
      {size > top && (
        <text x={4} y={yOf(top + 0.5) + 14} className={classes.tick}>
          beyond the top {top}
        </text>
      )}
    </>
  );
}

interface BracketProps {
  readonly tie: SlopeTie;
  readonly x: number;
  readonly side: 'left' | 'right';
}

/** Holds together the labels of lines that end at one rank. */
export function Bracket({ tie, x, side }: BracketProps): ReactNode {
  const arm = side === 'left' ? -3 : 3;
  return (
    <path
      data-tie={tie.rank}
      d={`M${x + arm},${tie.fromY - 9}H${x}V${tie.toY + 9}H${x + arm}`}
      className={classes.bracket}
    />
  );
}
