import type { ReactNode } from 'react';

export interface IconProps {
  /** CSS pixels. */
  readonly size: number;
  /** Side of the box that the path is drawn in; `size` by default. */
  readonly box?: number;
  readonly path: string;
  readonly strokeWidth?: number;
}

/** A line drawing in the colour of the text, without meaning of its own. */
export function Icon({ size, box = size, path, strokeWidth = 1.4 }: IconProps): ReactNode {
  return (
    <svg width={size} height={size} viewBox={`0 0 ${box} ${box}`} aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth={strokeWidth}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
