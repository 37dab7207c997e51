import type { SquareCrop } from '@/lib/images/raster';

/** The largest centred square of a picture. */
export function centredSquare(width: number, height: number): SquareCrop {
  const size = Math.min(width, height);
  return { x: Math.floor((width - size) / 2), y: Math.floor((height - size) / 2), size };
}

/** The square moved, and shrunk if necessary, to lie inside the picture, at least one pixel wide. NaN gives the centred square. */
export function clampSquare(crop: SquareCrop, width: number, height: number): SquareCrop {
  if (![crop.x, crop.y, crop.size].every(Number.isFinite)) return centredSquare(width, height);
  const size = Math.min(Math.max(crop.size, 1), width, height);
  const x = Math.min(Math.max(crop.x, 0), width - size);
  const y = Math.min(Math.max(crop.y, 0), height - size);
  return { x, y, size };
}
