import { useMemo } from 'react';
import type { GreyPixels } from '@/lib/viz/pixels';
import { useLens } from '@/lib/store/use-lens';
import { FAMILY } from '@/lib/worker/protocol';

const BLACK = new Float32Array(FAMILY.imageSize ** 2);

/** The picture on screen as charts take it; black until there is one. */
export function usePicture(): GreyPixels {
  const data = useLens((state) => state.image.current?.pixels ?? BLACK); // [size * size]
  return useMemo(() => ({ width: FAMILY.imageSize, height: FAMILY.imageSize, data }), [data]);
}
