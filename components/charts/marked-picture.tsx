import type { PointerEvent, ReactNode } from 'react';
import { PictureImage } from '@/components/charts/picture-image';
import { patchOf, type PatchGeometry } from '@/lib/viz/patch-geometry';
import type { PicturePixels } from '@/lib/viz/pixels';
import classes from './marked-picture.module.css';

export interface TokenMark {
  readonly token: number;
  /** `query`: whose row it is. `key`: one of the keys. `lit`: one that is looked at now. */
  readonly kind: 'query' | 'key' | 'lit';
  /** At most two characters, in the patch. */
  readonly text?: string;
}

export interface MarkedPictureProps {
  /** What the picture and its marks show, in a sentence. */
  readonly label: string;
  readonly image: PicturePixels;
  readonly geometry: PatchGeometry;
  /** Later ones lie above. */
  readonly marks: readonly TokenMark[];
  /** The marked token under the pointer. The keyboard has the chart beside the picture. */
  readonly onPoint?: (token: number | null) => void;
}

/** A small copy of the picture with some of its patches outlined; class tokens, which lie nowhere in it, stand beneath. */
export function MarkedPicture({ label, image, geometry, marks, onPoint }: MarkedPictureProps): ReactNode {
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const token = event.target instanceof Element ? event.target.getAttribute('data-mark') : null;
    onPoint?.(token === null ? null : Number(token));
  };
  const { rows, columns } = geometry;
  return (
    <div
      role="img"
      aria-label={label}
      className={classes.root}
      onPointerMove={onPointerMove}
      onPointerLeave={() => onPoint?.(null)}
    >
      <div className={classes.stage} style={{ aspectRatio: `${columns} / ${rows}` }}>
        <PictureImage image={image} alt={null} />
        {marks.map(({ token, kind, text }) => {
          const position = patchOf(token, geometry);
          if (position === null) return null;
          const style = {
            left: `${(100 * position.column) / columns}%`,
            top: `${(100 * position.row) / rows}%`,
            width: `${100 / columns}%`,
            height: `${100 / rows}%`,
          };
          return (
            <span key={`${kind}-${token}`} data-mark={token} data-kind={kind} className={classes.mark} style={style}>
              {text !== undefined && <span className={classes.text}>{text}</span>}
            </span>
          );
        })}
      </div>
      <div className={classes.classTokens}>
        {marks.map(({ token, kind, text }) =>
          patchOf(token, geometry) === null ? (
            <span key={`${kind}-${token}`} data-mark={token} data-kind={kind} className={classes.classToken}>
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
