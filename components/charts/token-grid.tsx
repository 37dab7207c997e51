import type { ReactNode } from 'react';
import type { TokenGrid } from '@/components/charts/use-token-grid';
import { isLarge, patchOf, tokenAt, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
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
  /** Windows that no attention crosses, drawn over the picture; in patches. */
  readonly windows?: TokenWindows | null;
  /** Beside the name of a class token. */
  readonly classToken?: (token: number) => ReactNode;
  /** The line at the lower right. */
  readonly readout: ReactNode;
}

export interface TokenWindows {
  readonly size: number;
  /** How far they are moved right and down. */
  readonly shift: number;
}

/**
 * The tokens of a picture as an ARIA grid: the patches as cells over the picture, and below them a row of the class tokens,
 * which lie nowhere in it. Of a large grid there is one cell only, the one that has the focus: a few thousand would hold the page up.
 * The read-out stands beside that row but outside the grid, which may hold rows only.
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
              <div key={token} {...cell(token)} className={classes.classToken}>
                {tokenName(token, geometry)} {classToken?.(token)}
              </div>
            ))}
          </div>
        )}
      </div>
      <div className={classes.readout}>{readout}</div>
    </div>
  );
}

interface RovingPatchProps {
  readonly token: number;
  readonly geometry: PatchGeometry;
  readonly cell: (token: number) => { readonly [attribute: string]: unknown };
}

/** The one cell of a large grid, where the focus is; the first patch while that is on a class token. */
function RovingPatch({ token, geometry, cell }: RovingPatchProps): ReactNode {
  const at = patchOf(token, geometry) === null ? geometry.classTokens : token;
  const place = patchOf(at, geometry) ?? { row: 0, column: 0 };
  return (
    <div role="row" aria-rowindex={place.row + 1} className={classes.roving} style={patchStyle(at, geometry)}>
      <div {...cell(at)} data-roving="true" aria-colindex={place.column + 1} className={classes.patch} />
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

function patchStyle(token: number, geometry: PatchGeometry) {
  const position = patchOf(token, geometry) ?? { row: 0, column: 0 };
  return {
    left: `${(100 * position.column) / geometry.columns}%`,
    top: `${(100 * position.row) / geometry.rows}%`,
    width: `${100 / geometry.columns}%`,
    height: `${100 / geometry.rows}%`,
  };
}

interface PatchFrameProps {
  readonly token: number;
  readonly geometry: PatchGeometry;
  readonly kind: 'query' | 'active';
}

/** An outline about a patch, seen on light and on dark; nothing for a class token. */
function PatchFrame({ token, geometry, kind }: PatchFrameProps): ReactNode {
  if (patchOf(token, geometry) === null) return null;
  return <div aria-hidden="true" className={classes.frame} data-kind={kind} style={patchStyle(token, geometry)} />;
}
