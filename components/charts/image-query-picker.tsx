import type { ReactNode } from 'react';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import type { GreyPixels } from '@/lib/viz/pixels';

export interface ImageQueryPickerProps {
  /** What the picture shows: `sample 17, Pullover`. */
  readonly label: string;
  readonly image: GreyPixels;
  readonly geometry: PatchGeometry;
  readonly query: number;
  readonly onSelectQuery: (token: number) => void;
  readonly activeToken?: number | null;
  readonly onActiveToken?: (token: number | null) => void;
}

/** The input image under its patch grid: choose whose attention is shown. */
export function ImageQueryPicker(_props: ImageQueryPickerProps): ReactNode {
  return null;
}
