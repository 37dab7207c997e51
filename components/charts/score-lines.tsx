import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './score-lines.module.css';

export interface ScoreLine {
  /** Whose scores: `Teacher`. */
  readonly name: string;
  /** Scores of all keys: thin ticks. */
  readonly row: ArrayLike<number>; // [N]
  readonly i: number;
  readonly j: number;
  /** Where a step of descent moves the two; `null`: it does not, as for the teacher. */
  readonly steps: { readonly i: -1 | 0 | 1; readonly j: -1 | 0 | 1 } | null;
}

export interface ScoreLinesProps {
  readonly label: string;
  readonly lines: readonly ScoreLine[];
}

const LINE_HEIGHT = 98;
/** Leaves space for an arrow at either end. */
const EDGE = 46;
const ARROW = 34;

/**
 * Rows of scores as number lines, each on its own scale, with keys i (above the line) and j (below) and arrows where the loss would move
 * them.
 */
export function ScoreLines({ label, lines }: ScoreLinesProps): ReactNode {
  const [frame, width] = useWidth<HTMLDivElement>(420);
  const table = (): ChartTable => ({
    caption: label,
    columns: ['whose', 'score of i', 'score of j', { text: 'step for i' }, { text: 'step for j' }],
    rows: lines.map(({ name, row, i, j, steps }) => [
      name,
      formatNumber(row[i]),
      formatNumber(row[j]),
      steps === null ? '–' : stepWord(steps.i),
      steps === null ? '–' : stepWord(steps.j),
    ]),
  });
  return (
    <ViewAsTable table={table} header={<span className={chart.title}>The scores, and where a step moves them</span>}>
      <div ref={frame} className={chart.plot}>
        <svg
          role="img"
          aria-label={`${label}. ${lines.map(spokenLine).join(' ')}`}
          width={width}
          height={LINE_HEIGHT * lines.length}
          className={chart.svg}
        >
          {lines.map((line, index) => (
            <NumberLine key={line.name} {...line} width={width} y={LINE_HEIGHT * index + 45} />
          ))}
        </svg>
      </div>
    </ViewAsTable>
  );
}

interface NumberLineProps extends ScoreLine {
  readonly width: number;
  readonly y: number;
}

function NumberLine({ name, row, i, j, steps, width, y }: NumberLineProps): ReactNode {
  const values = Array.from(row);
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  const padding = least === greatest ? 0.5 : 0;
  const x = scaleLinear([least - padding, greatest + padding], [EDGE, width - EDGE]);
  const at = (key: number) => x(row[key] ?? least);
  return (
    <g>
      <text x={0} y={y - 30} className={classes.name}>
        {name}
      </text>
      <path d={`M${EDGE - 8},${y}H${width - EDGE + 8}`} className={chart.axis} />
      {[...new Set(values)].map((value) => (
        <path key={value} d={`M${x(value)},${y - 5}V${y + 5}`} className={chart.axis} />
      ))}
      {[least, ...(least === greatest ? [] : [greatest])].map((value, end) => (
        <text
          key={end}
          x={end === 0 ? 0 : width}
          y={y + 39}
          textAnchor={end === 0 ? 'start' : 'end'}
          className={chart.tick}
        >
          {formatNumber(value)}
        </text>
      ))}
      <Dot x={at(i)} y={y} letter="i" above />
      <Dot x={at(j)} y={y} letter="j" above={false} />
      {steps !== null && (
        <>
          <Arrow x={at(i)} y={y - 16} step={steps.i} />
          <Arrow x={at(j)} y={y + 16} step={steps.j} />
        </>
      )}
    </g>
  );
}

interface DotProps {
  readonly x: number;
  readonly y: number;
  readonly letter: string;
  readonly above: boolean;
}

/** i is a disc, j a hollow square: both are seen where they coincide. */
function Dot({ x, y, letter, above }: DotProps): ReactNode {
  return (
    <>
      {above ? (
        <circle cx={x} cy={y} r={5} className={classes.filled} />
      ) : (
        <rect x={x - 7} y={y - 7} width={14} height={14} className={classes.hollow} />
      )}
      <text x={x} dy="0.35em" y={above ? y - 16 : y + 17} textAnchor="middle" className={classes.letter}>
        {letter}
      </text>
    </>
  );
}

function Arrow({ x, y, step }: { readonly x: number; readonly y: number; readonly step: -1 | 0 | 1 }): ReactNode {
  if (step === 0) return null;
  const start = x + 9 * step;
  const tip = start + ARROW * step;
  return (
    <path
      data-step={step}
      d={`M${start},${y}H${tip}M${tip - 7 * step},${y - 5}L${tip},${y}L${tip - 7 * step},${y + 5}`}
      className={classes.arrow}
    />
  );
}

function spokenLine({ name, row, i, j, steps }: ScoreLine): string {
  const moves = steps === null ? '' : `; a step of descent: i ${stepWord(steps.i)}, j ${stepWord(steps.j)}`;
  return `${name}: i ${formatNumber(row[i])}, j ${formatNumber(row[j])}${moves}.`;
}

function stepWord(step: -1 | 0 | 1): string {
  return step === 0 ? 'stays' : step > 0 ? 'up' : 'down';
}
