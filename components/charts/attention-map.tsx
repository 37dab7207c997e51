import type { ReactNode } from 'react';
import type { ColorScale } from '@/lib/viz/color-scale';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import type { GreyPixels } from '@/lib/viz/pixels';

export interface AttentionMapProps {
  /** Whose map: `Teacher`. */
  readonly title: string;
  /** What sets it apart: `full precision`, `student − teacher`. */
  readonly note?: string;
  /** What one value is, for the table and for speech: `attention`, `difference`. */
  readonly quantity?: string;
  /** One query's row, class tokens first. */
  readonly values: ArrayLike<number>; // [N]
  readonly geometry: PatchGeometry;
  /** One object for all panes that are to be compared. */
  readonly scale: ColorScale;
  /** The query's token; outlined. */
  readonly query: number;
  /** Click, tap, Enter or Space on a token. */
  readonly onSelectQuery: (token: number) => void;
  /** Shown beneath the map in the view `overlay`. */
  readonly image?: GreyPixels | null;
  readonly view: 'overlay' | 'plain';
  /** Share of the map's colour over the image, 0..1. */
  readonly opacity?: number;
  /** The token under the pointer or the keyboard, shared by all panes so that they read out the same place. */
  readonly activeToken?: number | null;
  readonly onActiveToken?: (token: number | null) => void;
  /** Wraps the text of the line beneath the map, for a formula behind the number. */
  readonly renderReadout?: (token: number, text: string) => ReactNode;
}

/** One query's attention over the patches. */
export function AttentionMap(_props: AttentionMapProps): ReactNode {
  return null;
}
