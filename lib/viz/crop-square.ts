import type { PixelSquare } from '@/lib/viz/pixels';

/** Smallest side of a crop: what the models see is 28 pixels wide, so less than that is blocks. */
const MIN_SIZE = 8;

interface Bounds {
  readonly width: number;
  readonly height: number;
}

/**
 * The nearest square of whole pixels that lies inside a photo and is at least 8 pixels wide, where the photo is.
 * What is not a finite number counts as 0.
 */
export function fitSquare({ x, y, size }: PixelSquare, photo: Bounds): PixelSquare {
  const side = clamp(whole(size), Math.min(MIN_SIZE, photo.width, photo.height), Math.min(photo.width, photo.height));
  return { x: clamp(whole(x), 0, photo.width - side), y: clamp(whole(y), 0, photo.height - side), size: side };
}

/** Moved by so many source pixels, stopped at the edges. */
export function moveSquare(square: PixelSquare, dx: number, dy: number, photo: Bounds): PixelSquare {
  return fitSquare({ x: square.x + dx, y: square.y + dy, size: square.size }, photo);
}

/** Grown or shrunk from its lower right corner; the upper left stays, so it ends at the photo's edge. */
export function stretchSquare(square: PixelSquare, by: number, photo: Bounds): PixelSquare {
  const room = Math.min(photo.width - square.x, photo.height - square.y);
  return fitSquare({ x: square.x, y: square.y, size: Math.min(square.size + by, room) }, photo);
}

function whole(value: number): number {
  return Number.isFinite(value) ? Math.round(value) : 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
