import { useEffect, useRef, type RefObject } from 'react';
import type { RgbaPixels } from '@/lib/viz/pixels';

/**
 * Puts pixels on a canvas, one canvas pixel each. CSS scales the canvas with `image-rendering: pixelated`, so squares stay sharp at any size and
 * any device pixel ratio without a second painting.
 */
export function usePixels(pixels: RgbaPixels): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  return ref;
}
