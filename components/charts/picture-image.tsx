import { useMemo, type ReactNode } from 'react';
import { PixelCanvas } from '@/components/charts/pixel-canvas';
import { paintPicture } from '@/lib/viz/paint';
import type { PicturePixels } from '@/lib/viz/pixels';

export interface PictureImageProps {
  readonly image: PicturePixels;
  /** `null` if a name is beside it. */
  readonly alt: string | null;
}

/** A grey picture with sharp pixels, or a smooth one in colour. */
export function PictureImage({ image, ...rest }: PictureImageProps): ReactNode {
  const pixels = useMemo(() => paintPicture(image), [image]);
  return <PixelCanvas pixels={pixels} smooth={image.data.length > image.width * image.height} {...rest} />;
}
