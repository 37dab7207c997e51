import type { ReactNode } from 'react';
import type { SlopeEnd } from '@/lib/viz/slope-layout';
import { RELATION_STYLES, type SlopeRelation } from '@/lib/viz/slope-relation';
import chart from './chart.module.css';
import classes from './slopegraph.module.css';

/** One key of a row, in two rankings. */
export interface SlopeKey {
  /** Unique in a graph: the token. */
  readonly id: number;
  /** As short as `3, 4`. */
  readonly name: string;
  /** For speech: `patch row 3, column 4`. */
  readonly spoken: string;
  readonly left: SlopeRank;
  readonly right: SlopeRank;
}

export interface SlopeRank {
  /** 1 is first; tied values share the mean of their ranks. */
  readonly rank: number;
  /** What it is ranked by, formatted. */
  readonly value: string;
  /** How many other keys of the whole row share its value. */
  readonly tiedWith: number;
}

/** Columns of a slopegraph, in pixels from its left edge. */
export interface SlopeColumns {
  readonly width: number;
  readonly lineFrom: number;
  readonly lineTo: number;
}

/** Space for a leader and a bracket between the end of a line and its label. */
export const LEADER = 14;

export interface SlopeLineProps {
  readonly slopeKey: SlopeKey;
  readonly left: SlopeEnd;
  readonly right: SlopeEnd;
  readonly columns: SlopeColumns;
  /** `null`: this is the line that the others are compared with. */
  readonly relation: SlopeRelation | null;
  readonly emphasis: 'strong' | 'plain' | 'faint';
  readonly pinned: boolean;
  readonly tabIndex: number;
  /** Its accessible name. */
  readonly label: string;
}

/**
 * A line with the rank and the name of its key at either end: an option of the listbox that the graph is. Its accessible name says in full
 * what the four short texts beside it say, which are therefore hidden.
 */
export function SlopeLine(props: SlopeLineProps): ReactNode {
  const { slopeKey, left, right, columns, relation, emphasis, pinned, tabIndex, label } = props;
  const { lineFrom, lineTo, width } = columns;
  const style = relation === null ? null : RELATION_STYLES[relation];
  const color = style?.color ?? 'var(--lens-text)';
  const from = lineFrom - LEADER;
  const to = lineTo + LEADER;
  const path = `M${from},${left.labelY}L${lineFrom},${left.y}L${lineTo},${right.y}L${to},${right.labelY}`;
  return (
    <g data-emphasis={emphasis} className={classes.line}>
      <g
        role="option"
        aria-label={label}
        aria-selected={pinned}
        tabIndex={tabIndex}
        data-line={slopeKey.id}
        data-relation={relation ?? 'itself'}
        className={classes.option}
      >
        <path d={path} className={classes.hit} />
        <rect x={0} y={left.labelY - 12} width={from} height={24} rx={5} className={classes.label} />
        <rect x={to} y={right.labelY - 12} width={width - to} height={24} rx={5} className={classes.label} />
        <path d={`M${from},${left.labelY}L${lineFrom},${left.y}`} className={chart.axis} />
        <path d={`M${lineTo},${right.y}L${to},${right.labelY}`} className={chart.axis} />
        <path
          d={`M${lineFrom},${left.y}L${lineTo},${right.y}`}
          className={classes.stroke}
          stroke={color}
          strokeDasharray={style?.dash ?? undefined}
        />
        <circle cx={lineFrom} cy={left.y} r={2.5} fill={color} />
        <circle cx={lineTo} cy={right.y} r={2.5} fill={color} />
      </g>
      <g aria-hidden="true" className={classes.texts}>
        <text x={from - 6} y={left.labelY} dy="0.35em" className={classes.text} textAnchor="end">
          {slopeKey.name}
        </text>
        <text x={4} y={left.labelY} dy="0.35em" className={chart.tick}>
          {rankText(slopeKey.left)}
        </text>
        {style !== null && <path d={style.glyph} fill={color} transform={`translate(${to + 10} ${right.labelY})`} />}
        <text x={to + 21} y={right.labelY} dy="0.35em" className={classes.text}>
          {slopeKey.name}
        </text>
        <text x={width - 4} y={right.labelY} dy="0.35em" className={chart.tick} textAnchor="end">
          {rankText(slopeKey.right)}
        </text>
      </g>
    </g>
  );
}

/** `12`, or `=30.5` where it is shared. */
export function rankText({ rank, tiedWith }: SlopeRank): string {
  return `${tiedWith > 0 ? '=' : ''}${rank}`;
}
