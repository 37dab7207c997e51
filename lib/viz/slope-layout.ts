import { scaleLinear } from 'd3-scale';
import { spreadLabels } from '@/lib/viz/spread-labels';

/**
 * Where everything of a slopegraph of ranks lies: no drawing, no colours.
 */
export interface SlopeRanks {
  /** 1 is first; tied values share the mean of their places. */
  readonly left: number;
  readonly right: number;
}

export interface SlopeFrame {
  /** N: the last rank. */
  readonly size: number;
  /** k: ranks up to this one get most of the room, being what is looked at. */
  readonly top: number;
  /** Pixels from the first rank to the last, which both have half a place of margin. */
  readonly height: number;
  /** Least distance between two labels, pixels. */
  readonly labelGap: number;
}

export interface SlopeEnd {
  readonly y: number;
  /** Where there is room for its label. */
  readonly labelY: number;
}

/** Lines that end at one rank. */
export interface SlopeTie {
  readonly rank: number;
  readonly y: number;
  /** Of their labels, which a bracket holds together. */
  readonly fromY: number;
  readonly toY: number;
  /** Indices of the lines. */
  readonly members: readonly number[];
}

export interface SlopeLayout {
  /** By line. */
  readonly lefts: readonly SlopeEnd[];
  readonly rights: readonly SlopeEnd[];
  readonly leftTies: readonly SlopeTie[];
  readonly rightTies: readonly SlopeTie[];
  /** Between rank k and the next, where the scale changes. */
  readonly breakY: number;
  readonly yOf: (rank: number) => number;
}

const TOP_SHARE = 0.62;

/**
 * One scale of rank for both sides, so that a level line keeps its rank: the first k ranks linear over most of the height, the
 * others linear over the rest.
 */
export function slopeLayout(ranks: readonly SlopeRanks[], { size, top, height, labelGap }: SlopeFrame): SlopeLayout {
  const breakAt = Math.min(top, size) + 0.5;
  const share = top < size ? TOP_SHARE : 1;
  const yOf = scaleLinear([0.5, breakAt, size + 0.5], [0, share * height, height]);
  const room = { gap: labelGap, min: labelGap / 2, max: height - labelGap / 2 };
  const endsOf = (side: readonly number[]): readonly SlopeEnd[] => {
    // Equal ends keep the order of the lines, so that their leaders do not cross.
    const order = side.map((rank, index) => ({ rank, index })).sort((a, b) => a.rank - b.rank || a.index - b.index);
    const labels = spreadLabels(
      order.map(({ rank }) => yOf(rank)),
      room,
    );
    const cellOf = new Map(order.map(({ index }, place) => [index, place]));
    return side.map((rank, index) => ({ y: yOf(rank), labelY: labels[cellOf.get(index) ?? 0] ?? yOf(rank) }));
  };
  const leftRanks = ranks.map(({ left }) => left);
  const rightRanks = ranks.map(({ right }) => right);
  const left = endsOf(leftRanks);
  const right = endsOf(rightRanks);
  return {
    lefts: left,
    rights: right,
    leftTies: tiesOf(leftRanks, left),
    rightTies: tiesOf(rightRanks, right),
    breakY: yOf(breakAt),
    yOf,
  };
}

/** Groups of at least two lines that end at one rank. */
function tiesOf(ranks: readonly number[], ends: readonly SlopeEnd[]): readonly SlopeTie[] {
  return [...new Set(ranks)].flatMap((rank) => {
    const members = ranks.flatMap((other, index) => (other === rank ? [index] : []));
    if (members.length < 2) return [];
    const labels = members.flatMap((index) => ends[index]?.labelY ?? []);
    const y = members.flatMap((index) => ends[index]?.y ?? [])[0] ?? 0;
    return [{ rank, y, fromY: Math.min(...labels), toY: Math.max(...labels), members }];
  });
}
