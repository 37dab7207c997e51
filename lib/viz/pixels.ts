/**
 * Pictures as the charts take them; the types of `lib/images` fit as they are.
 */

/** One channel or three, 0..1, a channel after the other. */
export interface PicturePixels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>; // [channels, height, width]
}

/** 8-bit RGBA, alpha not premultiplied, row by row from the top left. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray; // [height, width, 4]
}

/** A square in source pixels. */
export interface PixelSquare {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}
