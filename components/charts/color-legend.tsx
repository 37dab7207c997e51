import type { ReactNode } from 'react';
import type { ColorScale } from '@/lib/viz/color-scale';

export interface ColorLegendProps {
  readonly scale: ColorScale;
  /** `attention`, `student − teacher`. */
  readonly label: string;
  readonly unit?: string;
  /** `one scale for all panes`, or a badge. */
  readonly note?: ReactNode;
  readonly orientation?: 'vertical' | 'horizontal';
}

/** A colour scale with its ticks. */
export function ColorLegend(_props: ColorLegendProps): ReactNode {
  return null;
}
