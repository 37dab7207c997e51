import type { ReactNode } from 'react';
import type { PixelSquare, RgbaPixels } from '@/lib/viz/pixels';

export interface CropPickerProps {
  /** What the photo is, its accessible name. */
  readonly label: string;
  readonly photo: RgbaPixels;
  readonly crop: PixelSquare;
  /** Whole pixels, always inside the photo. */
  readonly onChange: (crop: PixelSquare) => void;
}

/** A photo with the square that is kept. */
export function CropPicker(_props: CropPickerProps): ReactNode {
  return null;
}
