import type { ReactNode } from 'react';
import { gridBox } from '@/components/charts/grid-box';
import type { TokenGrid } from '@/components/charts/use-token-grid';
import { isLarge, patchOf, tokenAt, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import chart from './chart.module.css';
import classes from './token-grid.module.css';

export interface TokenGridViewProps {
  /** The grid's accessible name. */
  readonly label: string;
  readonly grid: TokenGrid;
  readonly geometry: PatchGeometry;
  readonly query: number;
  /** The accessible name of a token's cell. */
  readonly nameOf: (token: number) => string;
  /** Fills the frame of the patches. */
  readonly picture: ReactNode;
  /** Windows that no attention crosses, in patches. */
  readonly windows?: TokenWindows | null;
  /** Beside the name of a class token. */
  readonly classToken?: (token: number) => ReactNode;
  /** The line at the lower right. */
  readonly readout: ReactNode;
}

export interface TokenWindows {
  readonly size: number;
  /** Cyclic shift to the right and down. */
  readonly shift: number;
}

/**
 * The tokens of a picture as an ARIA grid: the patches as cells over the picture, below them a row of the class tokens. A large grid has
 * one cell only, the focused one: a few thousand would slow the page down. The read-out is beside that row but outside the grid, which may
 * only contain rows.
 */
export function TokenGridView(props: TokenGridViewProps): ReactNode {
  const { label, grid, geometry, query, nameOf, picture, windows = null, classToken, readout } = props;
  const { rows, columns, classTokens } = geometry;
  const cell = (token: number) => ({
    role: 'gridcell',
    'data-token': token,
    'data-active': token === grid.active,
    tabIndex: token === grid.tabStop ? 0 : -1,
    'aria-label': nameOf(token),
    'aria-selected': token === query,
  });
  const large = isLarge(geometry);
  const counts = large ? { 'aria-rowcount': rows + (classTokens > 0 ? 1 : 0), 'aria-colcount': columns } : {};
  return (
    <div className={classes.body}>
      <div role="grid" aria-label={label} className={classes.grid} {...counts} {...grid.handlers}>
        <div
          className={classes.stage}
          style={{ aspectRatio: `${columns} / ${rows}` }}
          {...(large ? { 'data-patches': `${columns},${rows},${classTokens}` } : {})}
        >
          {picture}
          {windows !== null && <WindowLines windows={windows} geometry={geometry} />}
          {large && <RovingPatch token={grid.tabStop} geometry={geometry} cell={cell} />}
          {!large && (
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
          )}
          {grid.active !== null && grid.active !== query && (
            <PatchFrame token={grid.active} geometry={geometry} kind="active" />
          )}
          <PatchFrame token={query} geometry={geometry} kind="query" />
        </div>
        {classTokens > 0 && (
          <div role="row" className={classes.classTokens}>
            {Array.from({ length: classTokens }, (_, token) => (
              <div key={token} {...cell(token)} className={`${chart.classToken} ${classes.classToken}`}>
                {tokenName(token, geometry)} {classToken?.(token)}
              </div>
            ))}
          </div>
        )}
      </div>
      <div className={`${chart.readout} ${classes.readout}`}>{readout}</div>
    </div>
  );
}

interface RovingPatchProps {
  readonly token: number;
  readonly geometry: PatchGeometry;
  readonly cell: (token: number) => { readonly [attribute: string]: unknown };
}

/** The one cell of a large grid, at the focus; at the first patch while a class token has the focus. */
function RovingPatch({ token, geometry, cell }: RovingPatchProps): ReactNode {
  const at = patchOf(token, geometry) === null ? geometry.classTokens : token;
  const cellAt = patchOf(at, geometry) ?? { row: 0, column: 0 };
  return (
    <div role="row" aria-rowindex={cellAt.row + 1} className={classes.roving} style={gridBox(cellAt, geometry)}>
      <div {...cell(at)} data-roving="true" aria-colindex={cellAt.column + 1} className={classes.patch} />
    </div>
  );
}

/** Lines between the windows of a layer. */
function WindowLines({ windows, geometry }: { readonly windows: TokenWindows; readonly geometry: PatchGeometry }) {
  const { size, shift } = windows;
  const lines = (count: number) =>
    Array.from({ length: Math.ceil(count / size) + 1 }, (_, i) => (i * size + shift) % count).filter((at) => at > 0);
  return (
    <div aria-hidden="true" className={classes.windows}>
      {[...new Set(lines(geometry.columns))].map((at) => (
        <span key={`x${at}`} data-axis="x" style={{ left: `${(100 * at) / geometry.columns}%` }} />
      ))}
      {[...new Set(lines(geometry.rows))].map((at) => (
        <span key={`y${at}`} data-axis="y" style={{ top: `${(100 * at) / geometry.rows}%` }} />
      ))}
    </div>
  );
}

interface PatchFrameProps {
  readonly token: number;
  readonly geometry: PatchGeometry;
  readonly kind: 'query' | 'active';
}

/** An outline around a patch, seen on light and on dark; nothing for a class token. */
function PatchFrame({ token, geometry, kind }: PatchFrameProps): ReactNode {
  const cell = patchOf(token, geometry);
  if (cell === null) return null;
  const className = kind === 'query' ? `${classes.frame} ${chart.query}` : classes.frame;
  return <div aria-hidden="true" className={className} data-kind={kind} style={gridBox(cell, geometry)} />;
}
