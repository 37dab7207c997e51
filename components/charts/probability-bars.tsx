import { useId, useState, type ReactNode } from 'react';
import { ModelMarker } from '@/components/charts/model-marker';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { Icon } from '@/components/ui/icon';
import { formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import { topClasses } from '@/lib/viz/top-classes';
import { className } from '@/lib/viz/class-name';
import chart from './chart.module.css';
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
  /** `null` where it is not known. */
  readonly trueClass: number | null;
  /** The class whose probability the bars show. */
  readonly barClass: number;
  /** Models of the other panels; the rest are drawn quieter. */
  readonly emphasized?: readonly string[];
  /** Rows of the list that opens. */
  readonly topCount?: number;
  /** Wraps a percentage, for the formula behind it. */
  readonly renderValue?: (row: ProbabilityRow, classIndex: number, text: string) => ReactNode;
}

/** Every model's answer: its probability of one class, its most probable class, and a list of its first few. */
export function ProbabilityBars(props: ProbabilityBarsProps): ReactNode {
  const { rows, classNames, trueClass, barClass, emphasized } = props;
  const nameOf = (index: number) => className(index, classNames);
  // Before the first answer the bars are of no class yet.
  const isKnown = trueClass !== null || rows.some(({ probabilities }) => probabilities !== null);
  const table = (): ChartTable => ({
    caption: 'Probability of each class, in percent',
    columns: ['class', ...rows.map(({ label }) => label)],
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
        className={`${chart.iconButton} ${classes.toggle}`}
        aria-expanded={open}
        aria-controls={listId}
        aria-label={`First ${topCount} classes of ${label}`}
        disabled={said === null}
        onClick={() => setOpen(!open)}
      >
        <Icon size={12} path="M2.5 4.5L6 8L9.5 4.5" strokeWidth={1.6} />
      </button>
      <ol id={listId} className={classes.top} hidden={!open}>
        {top.map((index) => (
          <li key={index} className={classes.topRow}>
            <span>
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

/** The number is beside it. */
function Bar({ share, color }: { readonly share: number | null; readonly color: string }): ReactNode {
  return (
    <span aria-hidden="true" className={classes.track} data-undefined={share === null}>
      <span className={classes.bar} style={{ width: `${100 * (share ?? 0)}%`, background: color }} />
    </span>
  );
}

/** A tick in a disc or a cross in a square: told apart by shape, and in words. */
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
