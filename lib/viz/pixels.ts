/**
 * Pictures as the charts take them; the types of `lib/images` fit as they are.
 */

/** One channel, 0 black to 1 white, row by row from the top left. */
export interface GreyPixels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>; // [height, width]
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
