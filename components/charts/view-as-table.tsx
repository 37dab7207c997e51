import { useId, useState, type ReactNode } from 'react';
import classes from './view-as-table.module.css';

export interface TableColumn {
  readonly name: string;
  readonly numeric?: boolean;
}

export interface ChartTable {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

export interface ViewAsTableProps {
  /** Made only when the table is shown. */
  readonly table: () => ChartTable;
  /** The chart. */
  readonly children: ReactNode;
  /** Stands left of the toggle. */
  readonly header?: ReactNode;
}

/** A chart that can be read as a table. */
export function ViewAsTable({ table, children, header }: ViewAsTableProps): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <div className={classes.root}>
      <div className={classes.header}>
        <div className={classes.title}>{header}</div>
        <button
          type="button"
          className={classes.toggle}
          aria-pressed={shown}
          aria-label="View as table"
          title={shown ? 'View as chart' : 'View as table'}
          onClick={() => setShown(!shown)}
        >
          <TableIcon />
        </button>
      </div>
      {shown ? <DataTable {...table()} /> : children}
    </div>
  );
}

/** A chart's data, scrolling in itself where there is no room. */
export function DataTable({ caption, columns, rows }: ChartTable): ReactNode {
  const captionId = useId();
  return (
    // It scrolls, so the keyboard has to reach it.
    <div className={classes.scroll} role="region" aria-labelledby={captionId} tabIndex={0}>
      <table className={classes.table}>
        <caption id={captionId}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, numeric }) => (
              <th key={name} scope="col" data-numeric={numeric}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td key={columns[index + 1]?.name ?? index} data-numeric={columns[index + 1]?.numeric}>
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

function TableIcon(): ReactNode {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.25"
      aria-hidden="true"
    >
      <rect x="1" y="1.5" width="12" height="11" rx="1.5" />
      <path d="M1 5.2H13M1 8.85H13M5.2 5.2V12.5" />
    </svg>
  );
}
