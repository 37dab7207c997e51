import type { ReactNode } from 'react';
import { PictureImage } from '@/components/charts/picture-image';
import { TokenGridView } from '@/components/charts/token-grid';
import { useTokenGrid } from '@/components/charts/use-token-grid';
import { spokenToken, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import classes from './image-query-picker.module.css';

export interface KeyPickerProps {
  /** What is chosen: `key i`. */
  readonly name: string;
  readonly image: PicturePixels;
  readonly geometry: PatchGeometry;
  readonly token: number;
  readonly onSelect: (token: number) => void;
  /** What is known of a token, after its place: `teacher’s place 3`. */
  readonly describe: (token: number) => string;
}

/** A small picture on which one key of a row is chosen: click, or arrows and Enter. */
export function KeyPicker({ name, image, geometry, token, onSelect, describe }: KeyPickerProps): ReactNode {
  const speak = (each: number) => `${spokenToken(each, geometry)}, ${describe(each)}`;
  const grid = useTokenGrid({
    geometry,
    query: token,
    onSelectQuery: onSelect,
    activeToken: undefined,
    onActiveToken: undefined,
    speak,
    selectOnMove: false,
  });
  const shown = grid.active ?? token;
  const lines = { ['--columns' as string]: geometry.columns, ['--rows' as string]: geometry.rows };
  return (
    <TokenGridView
      label={`Choose ${name}`}
      grid={grid}
      geometry={geometry}
      query={token}
      nameOf={speak}
      picture={
        <>
          <PictureImage image={image} alt={null} />
          <div aria-hidden="true" className={classes.lines} style={lines} />
        </>
      }
      readout={
        <>
          <strong>{tokenName(shown, geometry)}</strong>
          <br />
          {describe(shown)}
        </>
      }
    />
  );
}
