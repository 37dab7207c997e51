export type Marker = 'circle' | 'cross' | 'square' | 'triangle' | 'diamond';

/** How a model looks in every chart: never by colour alone, so each has its own marker and dash too. */
export interface ModelIdentity {
  /** For the page: follows the colour scheme. */
  readonly color: string;
  /** The same on white and on dark paper, for exported figures. */
  readonly light: string;
  readonly dark: string;
  readonly marker: Marker;
  /** SVG `stroke-dasharray`; `null` is a solid line. */
  readonly dash: string | null;
}

/** The teacher and the 2 x 2 of students. globals.css holds the same colours as variables; a test keeps the two alike. */
export const MODEL_IDENTITY = {
  teacher: {
    color: 'var(--lens-model-teacher)',
    light: '#465063',
    dark: '#cbd5e1',
    marker: 'circle',
    dash: null,
  },
  baseline: {
    color: 'var(--lens-model-baseline)',
    light: '#808a99',
    dark: '#8b96a8',
    marker: 'cross',
    dash: '1 4',
  },
  scaling: {
    color: 'var(--lens-model-scaling)',
    light: '#e8590c',
    dark: '#ff8f4a',
    marker: 'square',
    dash: '7 3',
  },
  ranking: {
    color: 'var(--lens-model-ranking)',
    light: '#0b7ca6',
    dark: '#4cc2e6',
    marker: 'triangle',
    dash: '3 3',
  },
  'bi-vit': {
    color: 'var(--lens-model-bi-vit)',
    light: '#8a2be2',
    dark: '#c58bff',
    marker: 'diamond',
    dash: '9 3 2 3',
  },
} as const satisfies { readonly [id: string]: ModelIdentity };

/** Any other member of a family. */
const OTHER: ModelIdentity = {
  color: 'var(--lens-model-other)',
  light: '#0f766e',
  dark: '#5eead4',
  marker: 'triangle',
  dash: '6 2',
};

/** How the member of a family with that id looks. */
export function modelIdentity(id: string): ModelIdentity {
  return (MODEL_IDENTITY as { readonly [id: string]: ModelIdentity })[id] ?? OTHER;
}

/** SVG path of a marker about (0, 0), of about the same area whatever its shape. `radius` in pixels. */
export function markerPath(marker: Marker, radius: number): string {
  const r = radius;
  switch (marker) {
    case 'circle':
      return `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`;
    case 'square': {
      const half = r * 0.89;
      return `M${-half},${-half}H${half}V${half}H${-half}Z`;
    }
    case 'triangle': {
      const side = r * 1.35;
      return `M0,${-side}L${side * 0.87},${side * 0.5}L${-side * 0.87},${side * 0.5}Z`;
    }
    case 'diamond': {
      const reach = r * 1.25;
      return `M0,${-reach}L${reach},0L0,${reach}L${-reach},0Z`;
    }
    case 'cross': {
      const arm = r * 1.1;
      const half = r * 0.32;
      return (
        `M${-half},${-arm}H${half}V${-half}H${arm}V${half}H${half}V${arm}` +
        `H${-half}V${half}H${-arm}V${-half}H${-half}Z`
      );
    }
    default:
      return marker satisfies never;
  }
}
