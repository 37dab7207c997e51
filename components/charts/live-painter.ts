/** Paints frames with one query's attention over them, into canvases and buffers that are reused. */
import type { ColorScale } from '@/lib/viz/color-scale';
import { patchOf, type PatchGeometry } from '@/lib/viz/patch-geometry';
import { lutOf } from '@/lib/viz/ramps';
import { lutIndex } from '@/lib/viz/scale-color';

export interface LiveCanvases {
  /** The frame and the map over it. */
  readonly frame: HTMLCanvasElement;
  /** One pixel: the attention to the class token. */
  readonly classToken: HTMLCanvasElement;
  /** The model's input, a canvas pixel each. */
  readonly input: HTMLCanvasElement;
}

export interface LivePainting {
  /** The model's input, 0..1. */
  readonly pixels: ArrayLike<number>; // [channels, side, side]
  /** Shown under the map instead of the pixels: the camera's picture. */
  readonly picture: CanvasImageSource | null;
  /** One query's row, class token first. */
  readonly attention: ArrayLike<number>; // [N]
  readonly query: number;
  readonly scale: ColorScale;
  /** Share of the map's colour over the frame, 0..1. */
  readonly opacity: number;
}

export interface LivePainter {
  readonly paint: (painting: LivePainting) => void;
}

/** Side of the drawing in canvas pixels: a multiple of 28 and of 14, so that patches have whole pixels. */
export const LIVE_SIDE = 392;

/** @returns `null` without a 2D context */
export function livePainter(canvases: LiveCanvases, geometry: PatchGeometry, inputSide: number): LivePainter | null {
  const { rows, columns, classTokens } = geometry;
  const frame = sized(canvases.frame, LIVE_SIDE, LIVE_SIDE);
  const input = pixelLayer(canvases.input, inputSide, inputSide);
  const classToken = pixelLayer(canvases.classToken, 1, 1);
  const map = pixelLayer(document.createElement('canvas'), columns, rows);
  if (frame === null || input === null || classToken === null || map === null) return null;
  input.image.data.fill(255);
  const cell = { width: LIVE_SIDE / columns, height: LIVE_SIDE / rows };

  return {
    paint: ({ pixels, picture, attention, query, scale, opacity }) => {
      const shown = input.image.data;
      const area = inputSide ** 2;
      const step = pixels.length >= 3 * area ? area : 0; // grey: one channel for all three
      for (let i = 0; i < area; i++) {
        shown[4 * i] = 255 * (pixels[i] ?? 0);
        shown[4 * i + 1] = 255 * (pixels[i + step] ?? 0);
        shown[4 * i + 2] = 255 * (pixels[i + 2 * step] ?? 0);
      }
      input.put();

      const lut = lutOf(scale);
      const colour = (to: Uint8ClampedArray, at: number, token: number): void => {
        const index = lutIndex(scale, attention[token]);
        for (let channel = 0; channel < 3; channel++)
          to[4 * at + channel] = index === null ? 0 : (lut[4 * index + channel] ?? 0);
        to[4 * at + 3] = index === null ? 0 : 255;
      };
      for (let patch = 0; patch < rows * columns; patch++) colour(map.image.data, patch, classTokens + patch);
      map.put();
      colour(classToken.image.data, 0, 0);
      classToken.put();

      frame.imageSmoothingEnabled = picture !== null;
      frame.globalAlpha = 1;
      frame.drawImage(picture ?? canvases.input, 0, 0, LIVE_SIDE, LIVE_SIDE);
      frame.imageSmoothingEnabled = false;
      frame.globalAlpha = opacity;
      frame.drawImage(map.canvas, 0, 0, LIVE_SIDE, LIVE_SIDE);
      frame.globalAlpha = 1;
      outline(query);
    },
  };

  /** White and orange: seen over any colour. */
  function outline(query: number): void {
    const patch = patchOf(query, geometry);
    if (frame === null || patch === null) return;
    const { width, height } = cell;
    for (const [inset, line, colour] of [
      [2, 4, '#ffffff'],
      [1.5, 3, '#e8590c'],
    ] as const) {
      frame.lineWidth = line;
      frame.strokeStyle = colour;
      const [x, y] = [patch.column * width + inset, patch.row * height + inset];
      frame.strokeRect(x, y, width - 2 * inset, height - 2 * inset);
    }
  }
}

interface PixelLayer {
  readonly canvas: HTMLCanvasElement;
  readonly image: ImageData;
  readonly put: () => void;
}

function pixelLayer(canvas: HTMLCanvasElement, width: number, height: number): PixelLayer | null {
  const context = sized(canvas, width, height);
  if (context === null) return null;
  const image = context.createImageData(width, height);
  return { canvas, image, put: () => context.putImageData(image, 0, 0) };
}

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d');
}
