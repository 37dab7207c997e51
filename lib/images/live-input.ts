/** Camera frames as a model takes pictures, one after the other into the same array. */
import { GREY_SIZE } from '@/lib/images/grey28';
import { liveGrey } from '@/lib/images/live-grey';
import type { Preprocessing } from '@/lib/images/preprocessing';

export interface LiveInput {
  /** Of the square that is cut out of a frame, pixels. */
  readonly side: number;
  /** @param rgba [side, side, 4]  @param into [channels, size, size], 0..1 */
  readonly convert: (rgba: Uint8ClampedArray, into: Float32Array) => void;
}

/** Camera pixels for each of a small grey picture: enough to look at. */
const GREY_SCALE = 6;

export function liveInput({ kind, imageSize, channels }: Preprocessing): LiveInput {
  switch (kind) {
    case 'grey': {
      const grey = liveGrey();
      const side = GREY_SCALE * GREY_SIZE;
      return { side, convert: (rgba, into) => void grey.convert(rgba, side, into) };
    }
    case 'photo':
      return { side: imageSize, convert: (rgba, into) => planes(rgba, channels, into) };
    default:
      return kind satisfies never;
  }
}

/** [size, size, 4] -> [channels, size, size] */
function planes(rgba: Uint8ClampedArray, channels: number, into: Float32Array): void {
  const area = rgba.length / 4;
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < area; i++) into[channel * area + i] = (rgba[4 * i + Math.min(channel, 2)] ?? 0) / 255;
}
