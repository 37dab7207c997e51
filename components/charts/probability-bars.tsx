import { useId, useState, type ReactNode } from 'react';
import { ModelMarker } from '@/components/charts/model-marker';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import { topClasses } from '@/lib/viz/top-classes';
import { className } from '@/lib/viz/class-name';
import classes from './probability-bars.module.css';

export interface ProbabilityRow {
  readonly model: string;
  readonly label: string;
  /** [classes], summing to 1; `null` while the model has not run. */
  readonly probabilities: ArrayLike<number> | null;
}

export interface ProbabilityBarsProps {
  readonly rows: readonly ProbabilityRow[];
  readonly classNames: readonly string[];
  /** `null` for a picture of the visitor's own. */
  readonly trueClass: number | null;
  /** Whose probability the bars show; the true class, or what the teacher says where there is none. */
  readonly barClass: number;
  /** The models of the other panels; the rest are drawn quieter. */
  readonly emphasized?: readonly string[];
  /** Rows in the list that opens. */
  readonly topCount?: number;
  /** Wraps a percentage, for the formula behind it. */
  readonly renderValue?: (row: ProbabilityRow, classIndex: number, text: string) => ReactNode;
}

/** What every model makes of the picture: its probability of one class, what it says, and on demand its first five. */
export function ProbabilityBars(props: ProbabilityBarsProps): ReactNode {
  const { rows, classNames, trueClass, barClass, emphasized } = props;
  const nameOf = (index: number) => className(index, classNames);
  // Before the first answer nobody says which class the bars are about.
  const isKnown = trueClass !== null || rows.some(({ probabilities }) => probabilities !== null);
  const table = (): ChartTable => ({
    caption: 'Probability of each class, in percent',
    columns: [{ name: 'class' }, ...rows.map(({ label }) => ({ name: label, numeric: true }))],
    rows: classNames.map((name, index) => [name, ...rows.map((row) => formatPercent(row.probabilities?.[index]))]),
  });
  return (
    <ViewAsTable
      table={table}
      header={
        <p className={classes.caption}>
          {isKnown ? (
            <>
              probability of <strong>{nameOf(barClass)}</strong>
            </>
          ) : (
            'probabilities'
          )}
          {trueClass === barClass && ' (true class)'}
        </p>
      }
    >
      <ul className={classes.list}>
        {rows.map((row) => (
          <ModelRow
            key={row.model}
            {...props}
            row={row}
            quiet={emphasized !== undefined && !emphasized.includes(row.model)}
            nameOf={nameOf}
          />
        ))}
      </ul>
    </ViewAsTable>
  );
}

interface ModelRowProps extends ProbabilityBarsProps {
  readonly row: ProbabilityRow;
  readonly quiet: boolean;
  readonly nameOf: (index: number) => string;
}

function ModelRow(props: ModelRowProps): ReactNode {
  const { row, quiet, nameOf, trueClass, barClass, topCount = 5, renderValue } = props;
  const [open, setOpen] = useState(false);
  const listId = useId();
  const { probabilities, label } = row;
  const show = (index: number) => {
    const text = formatPercent(probabilities?.[index]);
    return renderValue === undefined || probabilities === null ? text : renderValue(row, index, text);
  };
  const top = probabilities === null ? [] : topClasses(probabilities, topCount);
  const said = top[0] ?? null;
  const color = modelIdentity(row.model).color;

  return (
    <li className={classes.row} data-quiet={quiet}>
      <span className={classes.name}>
        <ModelMarker model={row.model} />
        {label}
      </span>
      <Bar share={probabilities?.[barClass] ?? null} color={color} />
      <span className={classes.value}>{show(barClass)}</span>
      <span className={classes.verdict}>
        {said === null ? (
          <span className={classes.pending}>not run</span>
        ) : (
          <>
            {trueClass !== null && <Mark right={said === trueClass} />}
            <span className={classes.said}>{nameOf(said)}</span>
          </>
        )}
      </span>
      <button
        type="button"
        className={classes.toggle}
        aria-expanded={open}
        aria-controls={listId}
        aria-label={`First ${topCount} classes of ${label}`}
        disabled={said === null}
        onClick={() => setOpen(!open)}
      >
        <svg
          width="12"
          height="12"
          viewBox="0 0 12 12"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          aria-hidden="true"
        >
          <path d="M2.5 4.5L6 8L9.5 4.5" />
        </svg>
      </button>
      <ol id={listId} className={classes.top} hidden={!open}>
        {top.map((index) => (
          <li key={index} className={classes.topRow}>
            <span className={classes.topName}>
              {nameOf(index)}
              {index === trueClass && <span className={classes.true}> true class</span>}
            </span>
            <Bar share={probabilities?.[index] ?? null} color={color} />
            <span className={classes.value}>{show(index)}</span>
          </li>
        ))}
      </ol>
    </li>
  );
}

/** The number stands beside it, so it is drawn only. */
function Bar({ share, color }: { readonly share: number | null; readonly color: string }): ReactNode {
  return (
    <span aria-hidden="true" className={classes.track} data-undefined={share === null}>
      <span className={classes.bar} style={{ width: `${100 * (share ?? 0)}%`, background: color }} />
    </span>
  );
}

/** A tick in a disc or a cross in a square: told apart by shape, and said. */
function Mark({ right }: { readonly right: boolean }): ReactNode {
  return (
    <>
      <svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true" className={classes.mark} data-right={right}>
        {right ? <circle cx="7.5" cy="7.5" r="7" /> : <rect x="1" y="1" width="13" height="13" rx="2.5" />}
        <path d={right ? 'M4.2 7.8L6.6 10.1L10.8 5.2' : 'M4.8 4.8L10.2 10.2M10.2 4.8L4.8 10.2'} />
      </svg>
      <span className="lens-visually-hidden">{right ? 'right: ' : 'wrong: '}</span>
    </>
  );
}
