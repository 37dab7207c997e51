import { useMemo } from 'react';
import type { PicturePixels } from '@/lib/viz/pixels';
import { useAppState } from '@/state/use-app-state';

/** The picture on screen as charts take it, in grey or in colour; black until there is one. */
export function usePicture(): PicturePixels {
  const pixels = useAppState((state) => state.image.current?.pixels ?? null);
  const side = useAppState((state) => state.family.config.imageSize);
  const channels = useAppState((state) => state.family.config.inChannels);
  return useMemo(() => {
    const size = channels * side ** 2;
    // While another model comes, the picture of the one before is still here for a moment.
    const data = pixels?.length === size ? pixels : new Float32Array(size); // [channels, side, side]
    return { width: side, height: side, data };
  }, [pixels, side, channels]);
}
