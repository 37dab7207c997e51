import type { ReactNode } from 'react';
import { PictureImage } from '@/components/charts/picture-image';
import { TokenGridView } from '@/components/charts/token-grid';
import { useTokenGrid } from '@/components/charts/use-token-grid';
import { spokenToken, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import classes from './token-picker.module.css';

export interface TokenPickerProps {
  /** What is chosen: `Query, on sample 17`. */
  readonly label: string;
  readonly image: PicturePixels;
  readonly geometry: PatchGeometry;
  readonly token: number;
  readonly onSelect: (token: number) => void;
  /** Arrows choose as they move, as in a group of radio buttons; otherwise Enter or Space does. */
  readonly selectOnMove?: boolean;
  /** Said after a token's name: `teacher’s rank 3`. */
  readonly describe?: (token: number) => string;
  /** Left of the name of the chosen token. */
  readonly prefix?: string;
}

/** The input picture under its patch grid, to choose a token on it. */
export function TokenPicker(props: TokenPickerProps): ReactNode {
  const { label, image, geometry, token, onSelect, selectOnMove = false, describe, prefix } = props;
  const speak = (each: number) =>
    describe === undefined ? spokenToken(each, geometry) : `${spokenToken(each, geometry)}, ${describe(each)}`;
  const grid = useTokenGrid({ geometry, query: token, onSelectQuery: onSelect, speak, selectOnMove });
  const shown = grid.active ?? token;
  return (
    <TokenGridView
      label={label}
      grid={grid}
      geometry={geometry}
      query={token}
      nameOf={speak}
      picture={
        <>
          <PictureImage image={image} alt={null} />
          <div
            aria-hidden="true"
            className={classes.lines}
            style={{ ['--columns' as string]: geometry.columns, ['--rows' as string]: geometry.rows }}
          />
        </>
      }
      readout={
        <>
          {shown === token && prefix}
          <strong>{tokenName(shown, geometry)}</strong>
          {describe !== undefined && (
            <>
              <br />
              {describe(shown)}
            </>
          )}
        </>
      }
    />
  );
}
