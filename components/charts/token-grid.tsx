import type { ReactNode } from 'react';
import type { TokenGrid } from '@/components/charts/use-token-grid';
import { patchOf, tokenAt, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import classes from './token-grid.module.css';

export interface TokenGridViewProps {
  /** The grid's accessible name. */
  readonly label: string;
  readonly grid: TokenGrid;
  readonly geometry: PatchGeometry;
  readonly query: number;
  /** The accessible name of a token's cell. */
  readonly nameOf: (token: number) => string;
  /** What lies beneath the patches and fills their frame. */
  readonly picture: ReactNode;
  /** Beside the name of a class token. */
  readonly classToken?: (token: number) => ReactNode;
  /** The line at the lower right. */
  readonly readout: ReactNode;
}

/**
 * The tokens of a picture as an ARIA grid: the patches as cells over the picture, and below them a row of the class tokens,
 * which lie nowhere in it. The read-out stands beside that row but outside the grid, which may hold rows only.
 */
export function TokenGridView(props: TokenGridViewProps): ReactNode {
  const { label, grid, geometry, query, nameOf, picture, classToken, readout } = props;
  const { rows, columns, classTokens } = geometry;
  const cell = (token: number) => ({
    role: 'gridcell',
    'data-token': token,
    'data-active': token === grid.active,
    tabIndex: token === grid.tabStop ? 0 : -1,
    'aria-label': nameOf(token),
    'aria-selected': token === query,
  });
  return (
    <div className={classes.body}>
      <div role="grid" aria-label={label} className={classes.grid} {...grid.handlers}>
        <div className={classes.stage} style={{ aspectRatio: `${columns} / ${rows}` }}>
          {picture}
          <div className={classes.patches}>
            {Array.from({ length: rows }, (_, row) => (
              <div key={row} role="row" className={classes.row}>
                {Array.from({ length: columns }, (_, column) => {
                  const token = tokenAt({ row, column }, geometry);
                  return <div key={token} {...cell(token)} className={classes.patch} />;
                })}
              </div>
            ))}
          </div>
          {grid.active !== null && grid.active !== query && (
            <PatchFrame token={grid.active} geometry={geometry} kind="active" />
          )}
          <PatchFrame token={query} geometry={geometry} kind="query" />
        </div>
        {classTokens > 0 && (
          <div role="row" className={classes.classTokens}>
            {Array.from({ length: classTokens }, (_, token) => (
              <div key={token} {...cell(token)} className={classes.classToken}>
                {tokenName(token, geometry)}
                {classToken?.(token)}
              </div>
            ))}
          </div>
        )}
      </div>
      <div className={classes.readout}>{readout}</div>
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
