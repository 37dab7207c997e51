import type { ReactNode } from 'react';
import { markerPath, modelIdentity } from '@/lib/viz/model-identity';

export interface ModelMarkerProps {
  readonly model: string;
  /** CSS pixels. */
  readonly size?: number;
}

/** A model's own shape in its own colour, to stand before its name. */
export function ModelMarker({ model, size = 12 }: ModelMarkerProps): ReactNode {
  const { color, marker } = modelIdentity(model);
  return (
    <svg width={size} height={size} viewBox="-6 -6 12 12" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={markerPath(marker, 4)} fill={color} />
    </svg>
  );
}
