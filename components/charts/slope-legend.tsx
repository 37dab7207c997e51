import type { ReactNode } from 'react';
import { RELATION_STYLES, type SlopeRelation } from '@/lib/viz/slope-relation';
import classes from './slopegraph.module.css';

export interface SlopeLegendProps {
  /** The line that the others are compared with; `null`: each is drawn as most of its pairs are. */
  readonly reference: string | null;
}

const ORDER: readonly SlopeRelation[] = ['concordant', 'discordant', 'tied'];

/** What the three kinds of line say. Both of its sentences take the same room. */
export function SlopeLegend({ reference }: SlopeLegendProps): ReactNode {
  return (
    <div className={classes.legend}>
      <span className={classes.legendTitle}>
        {reference === null ? 'Order with most of the others:' : `Order with ${reference}, whose line is bold:`}
      </span>
      {ORDER.map((relation) => {
        const { word, color, dash, glyph } = RELATION_STYLES[relation];
        return (
          <span key={relation} className={classes.legendItem}>
            <svg width="44" height="12" viewBox="0 0 44 12" aria-hidden="true">
              <path
                d="M0,6H30"
                stroke={color}
                strokeWidth="2.25"
                {...(dash === null ? {} : { strokeDasharray: dash })}
              />
              <path d={glyph} fill={color} transform="translate(38 6)" />
            </svg>
            {word}
          </span>
        );
      })}
    </div>
  );
}
