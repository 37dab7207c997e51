import { useEffect, useRef, type ReactNode } from 'react';
import type { RgbaPixels } from '@/lib/viz/pixels';
import classes from './pixel-canvas.module.css';

export interface PixelCanvasProps {
  readonly pixels: RgbaPixels;
  /** `null` if what it shows is said beside it. */
  readonly alt: string | null;
  /** For photographs. */
  readonly smooth?: boolean;
}

/**
 * Pixels on a canvas, one canvas pixel each. CSS scales it, without smoothing by default, so squares stay sharp at any size and device pixel
 * ratio.
 */
export function PixelCanvas({ pixels, alt, smooth = false }: PixelCanvasProps): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    const { data, width, height } = pixels;
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  }, [pixels]);
  const style = { aspectRatio: `${pixels.width} / ${pixels.height}` };
  const role = alt === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': alt };
  return <canvas ref={ref} className={classes.canvas} data-smooth={smooth} style={style} {...role} />;
}
