import type { ReactNode } from 'react';
import { markerPath, modelIdentity, type Marker } from '@/lib/viz/model-identity';

/** How a series is drawn. */
export interface SeriesLook {
  readonly color: string;
  readonly marker: Marker;
  readonly dash: string | undefined;
  /** Markers as outlines: the second series of a model. */
  readonly hollow: boolean;
}

export interface LookOf {
  readonly model: string | null;
  readonly dashed?: boolean;
}

/** A model's own colour, marker and dash; `dashed` sets the second of its series apart by dash and hollow markers. */
export function lookOf({ model, dashed }: LookOf): SeriesLook {
  const { color, marker, dash } =
    model === null ? { color: 'var(--lens-text)', marker: 'circle' as const, dash: null } : modelIdentity(model);
  if (dashed === undefined) return { color, marker, dash: dash ?? undefined, hollow: false };
  return { color, marker, dash: dashed ? '4 4' : undefined, hollow: dashed };
}

/** A marker about (0, 0); hollow ones are filled with the card's colour. */
export function SeriesMarker({
  look,
  radius = 4.5,
}: {
  readonly look: SeriesLook;
  readonly radius?: number;
}): ReactNode {
  const { color, marker, hollow } = look;
  return (
    <path
      d={markerPath(marker, radius)}
      fill={hollow ? 'var(--lens-card)' : color}
      stroke={hollow ? color : 'var(--lens-card)'}
      strokeWidth={hollow ? 1.6 : 1}
    />
  );
}

/** A piece of the line with its marker, to stand before its name. */
export function SeriesSwatch({ look }: { readonly look: SeriesLook }): ReactNode {
  return (
    <svg width="28" height="14" viewBox="-14 -7 28 14" aria-hidden="true" style={{ flex: 'none' }}>
      <path d="M-14,0H14" stroke={look.color} strokeWidth="2" strokeDasharray={look.dash} />
      <SeriesMarker look={look} />
    </svg>
  );
}
