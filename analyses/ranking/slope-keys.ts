import type { SlopeKey } from '@/components/charts/slope-line';
import type { PairOrder, PairRelation } from '@/lib/metrics/pair-order';
import { formatNumber } from '@/lib/viz/format';
import { patchOf, spokenToken, tokenName, type PatchGeometry } from '@/lib/viz/patch-geometry';

/** Which tokens the keys of a row are, and where those lie; a Swin's row sees its window only. */
export interface RowKeys {
  readonly tokens: Int32Array; // [keys]
  readonly geometry: PatchGeometry;
  /** The row's own token. */
  readonly query: number;
}

/** The token of a key. */
export function tokenOfKey({ tokens }: RowKeys, key: number): number {
  return tokens[key] ?? 0;
}

/** `CLS`, or `3, 4`: row and column counted from 1. */
export function keyName(key: number, keys: RowKeys): string {
  return nameOfToken(tokenOfKey(keys, key), keys);
}

export function nameOfToken(token: number, { geometry }: Pick<RowKeys, 'geometry'>): string {
  const position = patchOf(token, geometry);
  if (position === null) return tokenName(token, geometry);
  return `${position.row + 1},\u00a0${position.column + 1}`;
}

/** The name of a key within a sentence: a patch in brackets. */
export function keyInText(key: number, keys: RowKeys): string {
  const name = keyName(key, keys);
  return tokenOfKey(keys, key) < keys.geometry.classTokens ? name : `(${name})`;
}

/** The top keys of a row as a slopegraph draws them. */
export function slopeKeys(
  order: PairOrder,
  teacher: Float32Array,
  student: Float32Array,
  keys: RowKeys,
): readonly SlopeKey[] {
  return order.keys.map(({ key, teacherRank, studentRank }) => ({
    id: key,
    name: keyName(key, keys),
    spoken: spokenToken(tokenOfKey(keys, key), keys.geometry),
    left: { rank: teacherRank, value: formatNumber(teacher[key]), tiedWith: equalsOf(teacher, key) },
    right: { rank: studentRank, value: formatNumber(student[key]), tiedWith: equalsOf(student, key) },
  }));
}

/** How two of the keys stand, by their place among them. */
export function relationIn(order: PairOrder): (a: number, b: number) => PairRelation {
  const relations = new Map(order.pairs.map(({ first, second, relation }) => [pairKey(first, second), relation]));
  return (a, b) => relations.get(pairKey(order.keys[a]?.key ?? -1, order.keys[b]?.key ?? -1)) ?? 'tied';
}

/** `18 of 28 pairs keep their order, 3 are reversed, 7 are tied.` */
export function countSentence({ counts, pairs }: PairOrder): string {
  const { concordant, discordant, tied } = counts;
  const [first, second, third] = [verb(concordant, 'keeps its', 'keep their'), verb(discordant), verb(tied)];
  if (pairs.length === 0) return 'One key alone makes no pair.';
  return `${concordant} of ${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'} ${first} order, ${discordant} ${second} reversed, ${tied} ${third} tied.`;
}

/** What became of two keys, for the line beneath the picture and for speech; `null` unless both are among the top. */
export function pairSentence(
  order: PairOrder,
  [a, b]: readonly [number, number],
  student: string,
  keys: RowKeys,
): string | null {
  const pair = order.pairs.find(({ first, second }) => pairKey(first, second) === pairKey(a, b));
  if (pair === undefined) return null;
  const [first, second] = [pair.first, pair.second].map((key) => keyInText(key, keys));
  const ranks = [pair.first, pair.second].map((key) => order.keys.find((each) => each.key === key)?.teacherRank);
  const teacher =
    ranks[0] === ranks[1] ? `The teacher ties ${first} and ${second}` : `The teacher puts ${first} before ${second}`;
  switch (pair.relation) {
    case 'concordant':
      return `${teacher}; ${student} does so too: kept.`;
    case 'discordant':
      return `${teacher}; ${student} puts ${second} first: reversed.`;
    case 'tied':
      return ranks[0] === ranks[1]
        ? `${teacher}: there is no order to keep.`
        : `${teacher}; ${student} gives both the same value: tied.`;
    default:
      return pair.relation satisfies never;
  }
}

/** How many other keys share the value of one. */
function equalsOf(row: Float32Array, key: number): number {
  return row.reduce((count, value) => (value === row[key] ? count + 1 : count), -1);
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function verb(count: number, one = 'is', many = 'are'): string {
  return count === 1 ? one : many;
}
