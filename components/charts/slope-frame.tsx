/** What surrounds the lines of a slopegraph. */
import type { ReactNode } from 'react';
import type { SlopeTie } from '@/lib/viz/slope-layout';
import { RELATION_STYLES, type SlopeRelation } from '@/lib/viz/slope-relation';
import chart from './chart.module.css';
import classes from './slopegraph.module.css';

interface SlopeHeadsProps {
  readonly leftName: string;
  readonly rightName: string;
  readonly leftQuantity: string;
  readonly rightQuantity: string;
}

/** What each side ranks by. */
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

/** A line for each top rank and for every tenth rank below; these are numbered at the left, where no line starts. */
export function RankGrid({ from, to, size, top, yOf }: RankGridProps): ReactNode {
  const tens = Array.from({ length: Math.floor(size / 10) }, (_, index) => 10 * (index + 1)).filter(
    (rank) => rank > top + 4,
  );
  const ranks = [...Array.from({ length: top }, (_, index) => index + 1), ...tens];
  return (
    <>
      {ranks.map((rank) => (
        <path key={rank} d={`M${from},${yOf(rank)}H${to}`} className={chart.grid} />
      ))}
      <path d={`M${from},${yOf(top + 0.5)}H${to}`} className={classes.break} />
      {tens.map((rank) => (
        <text key={rank} x={from - 6} y={yOf(rank)} dy="0.35em" textAnchor="end" className={chart.tick}>
          {rank}
        </text>
      ))}
      {size > top && (
        <text x={4} y={yOf(top + 0.5) + 18} className={chart.tick}>
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

/** Around the labels of lines that end at the same rank. */
export function Bracket({ tie, x, side }: BracketProps): ReactNode {
  const arm = side === 'left' ? -3 : 3;
  return (
    <path
      data-tie={tie.rank}
      d={`M${x + arm},${tie.fromY - 9}H${x}V${tie.toY + 9}H${x + arm}`}
      className={chart.bracket}
    />
  );
}

interface SlopeLegendProps {
  /** Name of the line that the others are compared with; `null`: each is drawn as most of its pairs are. */
  readonly reference: string | null;
}

const ORDER: readonly SlopeRelation[] = ['concordant', 'discordant', 'tied'];

/** What the three kinds of line mean. */
export function SlopeLegend({ reference }: SlopeLegendProps): ReactNode {
  return (
    <div className={`${chart.legend} ${classes.legend}`}>
      <span className={classes.legendTitle}>
        {reference === null ? 'Order with most of the others:' : `Order with ${reference}, whose line is bold:`}
      </span>
      {ORDER.map((relation) => {
        const { word, color, dash, glyph } = RELATION_STYLES[relation];
        return (
          <span key={relation}>
            <svg width="44" height="12" viewBox="0 0 44 12" aria-hidden="true">
              <path d="M0,6H30" stroke={color} strokeWidth="2.25" strokeDasharray={dash ?? undefined} />
              <path d={glyph} fill={color} transform="translate(38 6)" />
            </svg>
            {word}
          </span>
        );
      })}
    </div>
  );
}
