import type { ReactNode } from 'react';
import { indexOf } from '@/components/charts/data-attributes';
import { gridBox } from '@/components/charts/grid-box';
import { PictureImage } from '@/components/charts/picture-image';
import { patchOf, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import chart from './chart.module.css';
import classes from './marked-picture.module.css';

export interface TokenMark {
  readonly token: number;
  /** `query`: whose row it is. `key`: one of the keys. `lit`: the active key. */
  readonly kind: 'query' | 'key' | 'lit';
  /** At most two characters, in the patch. */
  readonly text?: string;
}

export interface MarkedPictureProps {
  /** What the picture and its marks show, in a sentence. */
  readonly label: string;
  readonly image: PicturePixels;
  readonly geometry: PatchGeometry;
  /** Later ones are drawn above. */
  readonly marks: readonly TokenMark[];
  /** The marked token under the pointer. The keyboard has the chart beside the picture. */
  readonly onPoint?: (token: number | null) => void;
}

/** A small copy of the picture with some patches outlined, class tokens below it. */
export function MarkedPicture({ label, image, geometry, marks, onPoint }: MarkedPictureProps): ReactNode {
  const { rows, columns } = geometry;
  return (
    <div
      role="img"
      aria-label={label}
      className={classes.root}
      onPointerMove={({ target }) => onPoint?.(indexOf(target, 'data-mark'))}
      onPointerLeave={() => onPoint?.(null)}
    >
      <div className={classes.stage} style={{ aspectRatio: `${columns} / ${rows}` }}>
        <PictureImage image={image} alt={null} />
        {marks.map(({ token, kind, text }) => {
          const position = patchOf(token, geometry);
          if (position === null) return null;
          return (
            <span
              key={`${kind}-${token}`}
              data-mark={token}
              data-kind={kind}
              className={kind === 'query' ? `${classes.mark} ${chart.query}` : classes.mark}
              style={gridBox(position, geometry)}
            >
              {text !== undefined && <span className={classes.text}>{text}</span>}
            </span>
          );
        })}
      </div>
      <div className={classes.classTokens}>
        {marks.map(({ token, kind, text }) =>
          patchOf(token, geometry) === null ? (
            <span
              key={`${kind}-${token}`}
              data-mark={token}
              data-kind={kind}
              className={`${chart.classToken} ${classes.classToken}`}
            >
              {text !== undefined && <span className={classes.text}>{text}</span>}
              {token === 0 ? 'CLS' : 'DIST'}
              {kind === 'query' && ' (query)'}
            </span>
          ) : null,
        )}
      </div>
    </div>
  );
}
