/**
 * How two keys of a row stand to one another in two rankings, and how that is drawn: never by colour alone.
 */
export type SlopeRelation = 'concordant' | 'discordant' | 'tied';

export interface RelationStyle {
  readonly word: string;
  readonly color: string;
  /** SVG `stroke-dasharray`; `null` is a solid line. */
  readonly dash: string | null;
  /** Of a glyph about (0, 0), 10 pixels wide. */
  readonly glyph: string;
  /** The glyph as a character, for the text. */
  readonly sign: string;
}

export const RELATION_STYLES: { readonly [Relation in SlopeRelation]: RelationStyle } = {
  concordant: {
    word: 'kept',
    color: 'var(--lens-good)',
    dash: null,
    glyph: 'M-4.5,0A4.5,4.5 0 1 0 4.5,0A4.5,4.5 0 1 0 -4.5,0Z',
    sign: '●',
  },
  discordant: {
    word: 'reversed',
    color: 'var(--lens-bad)',
    dash: '7 4',
    glyph: 'M-4.5,-3L-3,-4.5L0,-1.5L3,-4.5L4.5,-3L1.5,0L4.5,3L3,4.5L0,1.5L-3,4.5L-4.5,3L-1.5,0Z',
    sign: '✕',
  },
  tied: {
    word: 'tied',
    color: 'var(--lens-dim)',
    dash: '1.5 4',
    glyph: 'M-5,-3.5H5V-1H-5ZM-5,1H5V3.5H-5Z',
    sign: '=',
  },
};

export type RelationCounts = { readonly [Relation in SlopeRelation]: number };

/** The relations of one line with all others. */
export function countRelations(relations: readonly SlopeRelation[]): RelationCounts {
  const count = (wanted: SlopeRelation) => relations.filter((relation) => relation === wanted).length;
  return { concordant: count('concordant'), discordant: count('discordant'), tied: count('tied') };
}

/** What holds for most of a line's pairs; where two are as many, the worse: reversed, then tied. A line alone keeps its order. */
export function mostOf({ concordant, discordant, tied }: RelationCounts): SlopeRelation {
  if (discordant > 0 && discordant >= tied && discordant >= concordant) return 'discordant';
  return tied > 0 && tied >= concordant ? 'tied' : 'concordant';
}

/** `5 kept, 1 reversed, 1 tied`. */
export function relationCountText(counts: RelationCounts): string {
  return (['concordant', 'discordant', 'tied'] as const)
    .map((relation) => `${counts[relation]} ${RELATION_STYLES[relation].word}`)
    .join(', ');
}
