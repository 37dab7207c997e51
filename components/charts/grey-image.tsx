import { useMemo, type ReactNode } from 'react';
import { usePixels } from '@/components/charts/use-pixels';
import { paintGrey } from '@/lib/viz/paint';
import type { GreyPixels } from '@/lib/viz/pixels';
import classes from './grey-image.module.css';

export interface GreyImageProps {
  readonly image: GreyPixels;
  /** `null` where a name stands beside it. */
  readonly alt: string | null;
  /** CSS pixels; the container's width by default. */
  readonly size?: number;
}

/** A grey picture, its pixels as sharp squares. For thumbnails too. */
export function GreyImage({ image, alt, size }: GreyImageProps): ReactNode {
  const pixels = useMemo(() => paintGrey(image), [image]);
  const canvas = usePixels(pixels);
  const box = { aspectRatio: `${image.width} / ${image.height}`, ...(size === undefined ? {} : { width: size }) };
  return alt === null ? (
    <canvas ref={canvas} aria-hidden="true" className={classes.image} style={box} />
  ) : (
    <canvas ref={canvas} role="img" aria-label={alt} className={classes.image} style={box} />
  );
}
