import type { ReactNode } from 'react';
import { patchOf, tokenAt, type PatchGeometry } from '@/lib/viz/patch-geometry';
import classes from './token-cells.module.css';

export interface TokenCellsProps {
  readonly geometry: PatchGeometry;
  readonly query: number;
  readonly active: number | null;
  readonly tabStop: number;
  /** The accessible name of a token's cell. */
  readonly nameOf: (token: number) => string;
}

/** The patches as cells of an ARIA grid, laid over whatever picture shares their frame; what they show lies beneath them. */
export function PatchCells({ geometry, query, active, tabStop, nameOf }: TokenCellsProps): ReactNode {
  const { rows, columns } = geometry;
  return (
    <div className={classes.patches}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} role="row" className={classes.row}>
          {Array.from({ length: columns }, (_, column) => {
            const token = tokenAt({ row, column }, geometry);
            return (
              <div
                key={token}
                role="gridcell"
                data-token={token}
                tabIndex={token === tabStop ? 0 : -1}
                aria-label={nameOf(token)}
                aria-selected={token === query}
                className={classes.cell}
              />
            );
          })}
        </div>
      ))}
      {active !== null && active !== query && <PatchFrame token={active} geometry={geometry} kind="active" />}
      <PatchFrame token={query} geometry={geometry} kind="query" />
    </div>
  );
}

interface PatchFrameProps {
  readonly token: number;
  readonly geometry: PatchGeometry;
  readonly kind: 'query' | 'active';
}

/** An outline about a patch, seen on light and on dark; nothing for a class token. */
function PatchFrame({ token, geometry, kind }: PatchFrameProps): ReactNode {
  const position = patchOf(token, geometry);
  if (position === null) return null;
  const style = {
    left: `${(100 * position.column) / geometry.columns}%`,
    top: `${(100 * position.row) / geometry.rows}%`,
    width: `${100 / geometry.columns}%`,
    height: `${100 / geometry.rows}%`,
  };
  return <div aria-hidden="true" className={classes.frame} data-kind={kind} style={style} />;
}
