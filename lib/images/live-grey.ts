/** Camera frames as the family takes pictures, one after the other into the same array: 28 x 28, grey, bright on dark. */
import { GREY_SIZE, isBorderBrighter } from '@/lib/images/grey28';

/** So many frames in a row must ask for the other way before dark and bright change places: a flicker would hide everything else. */
const PATIENCE = 12;

export interface LiveGrey {
  /**
   * Luma (BT.601), the mean of each box, and inverted where the border is brighter than the centre.
   *
   * @param rgba [side, side, 4]
   * @param side a multiple of 28
   * @param into [28, 28] of values in 0..1
   * @returns whether dark and bright changed places
   * @throws RangeError for another side, or a buffer that does not fit it
   */
  readonly convert: (rgba: Uint8ClampedArray, side: number, into: Float32Array) => boolean;
}

export function liveGrey(): LiveGrey {
  let inverted: boolean | null = null;
  let against = 0;

  return {
    convert: (rgba, side, into) => {
      boxMeans(rgba, side, into);
      const asks = isBorderBrighter(into, GREY_SIZE);
      against = asks === inverted ? 0 : against + 1;
      if (inverted === null || against >= PATIENCE) {
        inverted = asks;
        against = 0;
      }
      if (inverted) for (let i = 0; i < into.length; i++) into[i] = 1 - (into[i] ?? 0);
      return inverted;
    },
  };
}

function boxMeans(rgba: Uint8ClampedArray, side: number, into: Float32Array): void {
  const box = side / GREY_SIZE;
  if (!Number.isInteger(box) || box < 1 || rgba.length !== 4 * side ** 2 || into.length !== GREY_SIZE ** 2)
    throw new RangeError(`a square of a multiple of ${GREY_SIZE} pixels expected, got ${rgba.length} bytes`);
  for (let row = 0; row < GREY_SIZE; row++) {
    for (let column = 0; column < GREY_SIZE; column++) {
      let sum = 0;
      for (let y = row * box; y < (row + 1) * box; y++) {
        for (let i = 4 * (y * side + column * box), end = i + 4 * box; i < end; i += 4) {
          sum += 0.299 * (rgba[i] ?? 0) + 0.587 * (rgba[i + 1] ?? 0) + 0.114 * (rgba[i + 2] ?? 0);
        }
      }
      into[row * GREY_SIZE + column] = Math.min(1, sum / (255 * box * box));
    }
  }
}
