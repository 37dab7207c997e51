import { useMemo, type ReactNode } from 'react';
import { PixelCanvas } from '@/components/charts/pixel-canvas';
import { paintGrey } from '@/lib/viz/paint';
import type { GreyPixels } from '@/lib/viz/pixels';

export interface GreyImageProps {
  readonly image: GreyPixels;
  /** `null` where a name stands beside it. */
  readonly alt: string | null;
  /** CSS pixels; the container's width by default. */
  readonly size?: number;
}

/** A grey picture, its pixels as sharp squares. For thumbnails too. */
export function GreyImage({ image, ...rest }: GreyImageProps): ReactNode {
  const pixels = useMemo(() => paintGrey(image), [image]);
  return <PixelCanvas pixels={pixels} {...rest} />;
}
