import { useMemo, type ReactNode } from 'react';
import { PixelCanvas } from '@/components/charts/pixel-canvas';
import { TokenGridView, type TokenWindows } from '@/components/charts/token-grid';
import { useTokenGrid } from '@/components/charts/use-token-grid';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatFixed, formatSigned } from '@/lib/viz/format';
import { formatOnScale } from '@/lib/viz/legend-ticks';
import { layOver, paintPicture, paintMatrix } from '@/lib/viz/paint';
import { spokenToken, tokenCount, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import { cssColor, scaleColor } from '@/lib/viz/scale-color';
import chart from './chart.module.css';
import classes from './attention-map.module.css';

export interface AttentionMapProps {
  /** Whose map: `Teacher`. */
  readonly title: string;
  /** What sets it apart: `full precision`, `student − teacher`. */
  readonly note?: string;
  /** What one value is, for the table and for speech: `attention`, `difference`. */
  readonly quantity?: string;
  /** One query's row, class tokens first. */
  readonly values: ArrayLike<number>; // [N]
  readonly geometry: PatchGeometry;
  /** The same object for all panes that are compared. */
  readonly scale: ColorScale;
  /** Outlined token. */
  readonly query: number;
  /** Click, tap, Enter or Space on a token. */
  readonly onSelectQuery: (token: number) => void;
  /** Under the map in the view `overlay`. */
  readonly image?: PicturePixels | null;
  readonly view: 'overlay' | 'plain';
  /** Windows of the layer; a row is defined only inside its query's window. */
  readonly windows?: TokenWindows | null;
  /** Share of the map's colour over the image, 0..1. */
  readonly opacity?: number;
  /** Entries of smaller magnitude are not painted, but still read out. */
  readonly floor?: number;
  /** Read out while no token is active; by default the one of the largest magnitude. */
  readonly peak?: number | null;
  /** The token under the pointer or the keyboard, shared by all panes. */
  readonly activeToken?: number | null;
  readonly onActiveToken?: (token: number | null) => void;
  /** Wraps the number that is read out, for a formula behind it. */
  readonly renderReadout?: (token: number, text: string) => ReactNode;
}

/** Fits beside the name. */
const CLASS_TOKEN_DIGITS = 2;

/**
 * One query's attention over the patches. Arrows move over the patches, Enter or Space makes one the query. The line below reads out the active
 * token, or else the strongest.
 */
export function AttentionMap(props: AttentionMapProps): ReactNode {
  const { title, note, quantity = 'attention', values, geometry, scale, query, view, renderReadout } = props;
  const { image = null, opacity = 0.72, floor = 0, peak = peakOf(values) } = props;
  const textOf = (token: number) =>
    formatOnScale(scale, values[token], token < geometry.classTokens ? CLASS_TOKEN_DIGITS : undefined);
  const speak = (token: number) => `${spokenToken(token, geometry)}: ${textOf(token)}`;
  const grid = useTokenGrid({
    geometry,
    query,
    onSelectQuery: props.onSelectQuery,
    activeToken: props.activeToken,
    onActiveToken: props.onActiveToken,
    speak: (token) => `${title}, ${speak(token)}`,
  });
  const pixels = useMemo(() => {
    const patches = Array.from(values).slice(geometry.classTokens); // [rows * columns]
    const painted = patches.map((value) => (Math.abs(value) < floor ? NaN : value));
    const map = paintMatrix(painted, geometry.columns, geometry.rows, scale);
    return view === 'overlay' && image !== null ? layOver(paintPicture(image), map, opacity) : map;
  }, [values, geometry, scale, view, image, opacity, floor]);

  const label = `${title}: ${quantity} of ${spokenToken(query, geometry)}`;
  const table = (): ChartTable => ({
    caption: label,
    columns: ['token', quantity],
    rows: Array.from({ length: tokenCount(geometry) }, (_, token) => [
      tokenName(token, geometry),
      scale.kind === 'diverging' ? formatSigned(values[token], 4) : formatFixed(values[token], 4),
    ]),
  });
  const read = grid.active ?? peak;
  const readText = read === null ? '' : formatOnScale(scale, values[read]);
  return (
    <ViewAsTable
      table={table}
      header={
        <div className={classes.heading}>
          <span className={chart.title}>{title}</span>
          {note !== undefined && <span className={classes.note}>{note}</span>}
        </div>
      }
    >
      <TokenGridView
        label={label}
        grid={grid}
        geometry={geometry}
        query={query}
        windows={props.windows ?? null}
        nameOf={speak}
        picture={<PixelCanvas pixels={pixels} alt={null} />}
        classToken={(token) => (
          <>
            <span className={classes.swatch} style={swatchStyle(scale, values[token])} />
            <span className={classes.number}>{textOf(token)}</span>
          </>
        )}
        readout={
          read !== null && (
            <>
              <span className={classes.token}>
                {grid.active === null && 'most: '}
                {tokenName(read, geometry)}
              </span>{' '}
              <strong>{renderReadout?.(read, readText) ?? readText}</strong>
            </>
          )
        }
      />
    </ViewAsTable>
  );
}

/** The token with the largest magnitude; `null` where no entry is a finite number or all are 0. */
function peakOf(values: ArrayLike<number>): number | null {
  let peak: number | null = null;
  let largest = 0;
  for (let token = 0; token < values.length; token += 1) {
    const magnitude = Math.abs(values[token] ?? NaN);
    if (magnitude > largest) {
      largest = magnitude;
      peak = token;
    }
  }
  return peak;
}

function swatchStyle(scale: ColorScale, value: number | undefined): { readonly background: string } {
  const color = scaleColor(scale, value);
  return { background: color === null ? 'transparent' : cssColor(color) };
}
