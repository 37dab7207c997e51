import { useMemo, type ReactNode } from 'react';
import { PatchCells } from '@/components/charts/token-cells';
import { usePixels } from '@/components/charts/use-pixels';
import { useTokenGrid } from '@/components/charts/use-token-grid';
import { paintGrey } from '@/lib/viz/paint';
import { spokenToken, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { GreyPixels } from '@/lib/viz/pixels';
import classes from './image-query-picker.module.css';

export interface ImageQueryPickerProps {
  /** What the picture shows: `sample 17, Pullover`. */
  readonly label: string;
  readonly image: GreyPixels;
  readonly geometry: PatchGeometry;
  readonly query: number;
  readonly onSelectQuery: (token: number) => void;
  readonly activeToken?: number | null;
  readonly onActiveToken?: (token: number | null) => void;
}

/** The input image under its patch grid: choose whose attention is shown. Arrows choose as they move, as in a group of radio buttons. */
export function ImageQueryPicker(props: ImageQueryPickerProps): ReactNode {
  const { label, image, geometry, query } = props;
  const grid = useTokenGrid({
    geometry,
    query,
    onSelectQuery: props.onSelectQuery,
    activeToken: props.activeToken,
    onActiveToken: props.onActiveToken,
    speak: (token) => spokenToken(token, geometry),
    selectOnMove: true,
  });
  const pixels = useMemo(() => paintGrey(image), [image]);
  const canvas = usePixels(pixels);
  const shown = grid.active ?? query;
  return (
    <div className={classes.body}>
      <div role="grid" aria-label={`Query, on ${label}`} className={classes.grid} {...grid.handlers}>
        <div
          className={classes.stage}
          style={{
            aspectRatio: `${geometry.columns} / ${geometry.rows}`,
            ['--columns' as string]: geometry.columns,
            ['--rows' as string]: geometry.rows,
          }}
        >
          <canvas ref={canvas} aria-hidden="true" className={classes.canvas} />
          <div aria-hidden="true" className={classes.lines} />
          <PatchCells
            geometry={geometry}
            query={query}
            active={grid.active}
            tabStop={grid.tabStop}
            nameOf={(token) => spokenToken(token, geometry)}
          />
        </div>
        {geometry.classTokens > 0 && (
          <div role="row" className={classes.classTokens}>
            {Array.from({ length: geometry.classTokens }, (_, token) => (
              <div
                key={token}
                role="gridcell"
                data-token={token}
                tabIndex={token === grid.tabStop ? 0 : -1}
                aria-label={spokenToken(token, geometry)}
                aria-selected={token === query}
                data-active={token === grid.active}
                className={classes.classToken}
              >
                {tokenName(token, geometry)}
              </div>
            ))}
          </div>
        )}
      </div>
      <div className={classes.readout}>
        {shown === query ? 'query: ' : ''}
        <strong>{tokenName(shown, geometry)}</strong>
      </div>
    </div>
  );
}
