/** CIELCh colours, white point D50, as sRGB: as in d3-color, which a test compares it with, without its 6 kB on the first screen. */

/** X, Y, Z of the white point. */
const WHITE = [0.96422, 1, 0.82521] as const;

/** @param hue degrees; @param lightness 0..100; colours outside sRGB are clamped channel by channel */
export function lchToRgb(hue: number, chroma: number, lightness: number): readonly [number, number, number] {
  const radians = (hue * Math.PI) / 180;
  const fy = (lightness + 16) / 116;
  const x = WHITE[0] * fromLab(fy + (Math.cos(radians) * chroma) / 500);
  const y = WHITE[1] * fromLab(fy);
  const z = WHITE[2] * fromLab(fy - (Math.sin(radians) * chroma) / 200);
  return [
    toChannel(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    toChannel(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    toChannel(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ];
}

function fromLab(t: number): number {
  return t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29);
}

/** Linear light to 8 bits. */
function toChannel(linear: number): number {
  const share = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, Math.round(255 * share)));
}
