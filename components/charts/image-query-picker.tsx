import type { ReactNode } from 'react';
import { PictureImage } from '@/components/charts/picture-image';
import { TokenGridView } from '@/components/charts/token-grid';
import { useTokenGrid } from '@/components/charts/use-token-grid';
import { spokenToken, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import classes from './image-query-picker.module.css';

export interface ImageQueryPickerProps {
  /** What the picture shows: `sample 17, Pullover`. */
  readonly label: string;
  readonly image: PicturePixels;
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
  const shown = grid.active ?? query;
  const lines = { ['--columns' as string]: geometry.columns, ['--rows' as string]: geometry.rows };
  return (
    <TokenGridView
      label={`Query, on ${label}`}
      grid={grid}
      geometry={geometry}
      query={query}
      nameOf={(token) => spokenToken(token, geometry)}
      picture={
        <>
          <PictureImage image={image} alt={null} />
          <div aria-hidden="true" className={classes.lines} style={lines} />
        </>
      }
      readout={
        <>
          {shown === query && 'query: '}
          <strong>{tokenName(shown, geometry)}</strong>
        </>
      }
    />
  );
}
