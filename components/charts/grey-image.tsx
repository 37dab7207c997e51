import type { ReactNode } from 'react';
import type { GreyPixels } from '@/lib/viz/pixels';

export interface GreyImageProps {
  readonly image: GreyPixels;
  /** `null` where a name stands beside it. */
  readonly alt: string | null;
  /** CSS pixels; the container's width by default. */
  readonly size?: number;
}

/** A grey picture, its pixels as sharp squares. For thumbnails too. */
export function GreyImage(_props: GreyImageProps): ReactNode {
  return null;
}
