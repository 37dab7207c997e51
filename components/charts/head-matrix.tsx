import type { ReactNode } from 'react';
import type { ColorScale } from '@/lib/viz/color-scale';

export interface HeadCell {
  /** 0-based. */
  readonly layer: number;
  readonly head: number;
}

export interface HeadMatrixProps {
  /** What the matrix shows, its accessible name: `1 − cosine of student against teacher`. */
  readonly label: string;
  /** [layer][head]; `null` is undefined: hatched, "n/a". */
  readonly values: readonly (readonly (number | null)[])[];
  readonly scale: ColorScale;
  readonly selected: HeadCell;
  readonly onSelect: (cell: HeadCell) => void;
  /** Text in a cell; two decimals by default. */
  readonly format?: (value: number | null) => string;
  /** What is said after the number: `defined in 12 of 50 rows`. */
  readonly describe?: (cell: HeadCell) => string | null;
  /** Shown in a card at the cell under the pointer or the keyboard: the formula with its values. */
  readonly explain?: (cell: HeadCell) => ReactNode;
}

/** Layer x head matrix of one number each, which is also the selector of layer and head. */
export function HeadMatrix(_props: HeadMatrixProps): ReactNode {
  return null;
}
