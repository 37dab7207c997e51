import type { ReactNode } from 'react';
import { markerPath, modelIdentity, type Marker } from '@/lib/viz/model-identity';

/** How a series is drawn. */
export interface SeriesStyle {
  readonly color: string;
  readonly marker: Marker;
  /** SVG `stroke-dasharray`; `null` is a solid line. */
  readonly dash: string | null;
  /** Markers as outlines: the second series of a model. */
  readonly hollow?: boolean;
}

export interface SeriesOfModel {
  /** `null`: drawn in the colour of text. */
  readonly model: string | null;
  /** Where a model has two series: `false` is solid, `true` dashed with hollow markers. Left out: the model's own dash. */
  readonly dashed?: boolean;
}

export function seriesStyle({ model, dashed }: SeriesOfModel): SeriesStyle {
  const { color, marker, dash } =
    model === null ? { color: 'var(--lens-text)', marker: 'circle' as const, dash: null } : modelIdentity(model);
  return dashed === undefined
    ? { color, marker, dash }
    : { color, marker, dash: dashed ? '4 4' : null, hollow: dashed };
}

interface SeriesMarkerProps {
  readonly style: SeriesStyle;
  readonly radius?: number;
}

/** A marker about (0, 0); hollow ones are filled with the card's colour. */
export function SeriesMarker({ style: { color, marker, hollow = false }, radius = 4.5 }: SeriesMarkerProps): ReactNode {
  return (
    <path
      d={markerPath(marker, radius)}
      fill={hollow ? 'var(--lens-card)' : color}
      stroke={hollow ? color : 'var(--lens-card)'}
      strokeWidth={hollow ? 1.6 : 1}
    />
  );
}

/** A piece of the line with its marker, for legends. */
export function SeriesSwatch({ style }: Pick<SeriesMarkerProps, 'style'>): ReactNode {
  return (
    <svg width="28" height="14" viewBox="-14 -7 28 14" aria-hidden="true" style={{ flex: 'none' }}>
      <path d="M-14,0H14" stroke={style.color} strokeWidth="2" strokeDasharray={style.dash ?? undefined} />
      <SeriesMarker style={style} />
    </svg>
  );
}
