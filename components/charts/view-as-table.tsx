import { useId, useState, type ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';
import chart from './chart.module.css';
import classes from './view-as-table.module.css';

/** A column of numbers, or of text. */
export type TableColumn = string | { readonly text: string };

export interface ChartTable {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly string[])[];
}

export interface ViewAsTableProps {
  /** Called when the table is shown. */
  readonly table: () => ChartTable;
  /** The chart. */
  readonly children: ReactNode;
  /** Left of the toggle. */
  readonly header?: ReactNode;
}

const TABLE =
  'M2 1.5H12Q13 1.5 13 2.5V11.5Q13 12.5 12 12.5H2Q1 12.5 1 11.5V2.5Q1 1.5 2 1.5M1 5.2H13M1 8.85H13M5.2 5.2V12.5';

/** A chart that can be read as a table. */
export function ViewAsTable({ table, children, header }: ViewAsTableProps): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <div className={classes.root}>
      <div className={classes.header}>
        <div className={classes.title}>{header}</div>
        <button
          type="button"
          className={`${chart.iconButton} ${classes.toggle}`}
          aria-pressed={shown}
          aria-label="View as table"
          title={shown ? 'View as chart' : 'View as table'}
          onClick={() => setShown(!shown)}
        >
          <Icon size={14} path={TABLE} strokeWidth={1.25} />
        </button>
      </div>
      {shown ? <DataTable {...table()} /> : children}
    </div>
  );
}

/** A chart's data; scrolls if it is too large. */
export function DataTable({ caption, columns, rows }: ChartTable): ReactNode {
  const captionId = useId();
  return (
    // It scrolls, so the keyboard has to reach it.
    <div className={classes.scroll} role="region" aria-labelledby={captionId} tabIndex={0}>
      <table className={classes.table}>
        <caption id={captionId}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" data-numeric={index > 0 && typeof column === 'string'}>
                {typeof column === 'string' ? column : column.text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td key={index} data-numeric={typeof columns[index + 1] === 'string'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
