import type { ReactNode } from 'react';

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
export function ViewAsTable(props: ViewAsTableProps): ReactNode {
  return props.children;
}
