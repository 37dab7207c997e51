import { NumberInput } from '@mantine/core';
import { useMemo, useRef, type PointerEvent, type ReactNode } from 'react';
import { PixelCanvas } from '@/components/charts/pixel-canvas';
import { fitSquare, moveSquare, stretchSquare } from '@/lib/viz/crop-square';
import { resizeNearest } from '@/lib/viz/paint';
import type { PixelSquare, RgbaPixels } from '@/lib/viz/pixels';
import classes from './crop-picker.module.css';

export interface CropPickerProps {
  /** What the photo is, its accessible name. */
  readonly label: string;
  readonly photo: RgbaPixels;
  readonly crop: PixelSquare;
  /** Whole pixels, always inside the photo. */
  readonly onChange: (crop: PixelSquare) => void;
}

/** Longest side of the drawn copy: a canvas of 12 megapixels would take 48 MB. */
const DRAWN_SIDE = 900;

const FIELDS = [
  { part: 'x', label: 'left', min: 0 },
  { part: 'y', label: 'top', min: 0 },
  { part: 'size', label: 'size', min: 1 },
] as const;

interface Drag {
  readonly kind: 'move' | 'stretch';
  readonly startX: number;
  readonly startY: number;
  readonly crop: PixelSquare;
  /** Photo pixels per CSS pixel. */
  readonly ratio: number;
}

/** A photo with the square that is kept: drag it or its corner, or type its position and size. */
export function CropPicker({ label, photo, crop, onChange }: CropPickerProps): ReactNode {
  const drawn = useMemo(() => {
    const factor = Math.min(1, DRAWN_SIDE / Math.max(photo.width, photo.height));
    return factor === 1
      ? photo
      : resizeNearest(photo, Math.round(photo.width * factor), Math.round(photo.height * factor));
  }, [photo]);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);

  const start = (kind: Drag['kind'], event: PointerEvent<HTMLElement>) => {
    const width = frame.current?.clientWidth ?? 0;
    if (width === 0 || event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { kind, startX: event.clientX, startY: event.clientY, crop, ratio: photo.width / width };
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (now === null) return;
    const dx = (event.clientX - now.startX) * now.ratio;
    const dy = (event.clientY - now.startY) * now.ratio;
    const next =
      now.kind === 'move' ? moveSquare(now.crop, dx, dy, photo) : stretchSquare(now.crop, Math.max(dx, dy), photo);
    if (next.x !== crop.x || next.y !== crop.y || next.size !== crop.size) onChange(next);
  };
  const stop = () => {
    drag.current = null;
  };
  const dragging = { onPointerMove: follow, onPointerUp: stop, onPointerCancel: stop };
  const share = (pixels: number, of: number) => `${(100 * pixels) / of}%`;

  return (
    <div className={classes.root}>
      <div ref={frame} className={classes.frame}>
        <PixelCanvas pixels={drawn} alt={label} smooth />
        <div
          aria-hidden="true"
          className={classes.square}
          style={{
            left: share(crop.x, photo.width),
            top: share(crop.y, photo.height),
            width: share(crop.size, photo.width),
            height: share(crop.size, photo.height),
          }}
          onPointerDown={(event) => start('move', event)}
          {...dragging}
        >
          <div className={classes.corner} onPointerDown={(event) => start('stretch', event)} {...dragging} />
        </div>
      </div>
      <div className={classes.fields}>
        {FIELDS.map(({ part, label: name, min }) => (
          <NumberInput
            key={part}
            size="xs"
            label={name}
            value={crop[part]}
            min={min}
            max={{ x: photo.width, y: photo.height, size: Math.min(photo.width, photo.height) }[part]}
            onChange={(value) => {
              if (typeof value === 'number') onChange(fitSquare({ ...crop, [part]: value }, photo));
            }}
            suffix=" px"
          />
        ))}
      </div>
    </div>
  );
}
