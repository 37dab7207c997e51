/**
 * What the rollout panel cuts out of a rollout: one query's row for each model, the top that all rows share, and the order of the models.
 */
import type { MemberId } from '@/models/families/family';
import { roundUp } from '@/lib/viz/round-up';

type Row = Float32Array;

/** Teacher and chosen student first, then the others as the family lists them. */
export function modelOrder(all: readonly MemberId[], studentId: MemberId): readonly MemberId[] {
  const first = ['teacher', studentId];
  return [...all.filter((id) => first.includes(id)), ...all.filter((id) => !first.includes(id))];
}

/** How much of each input token is in one query at the end; `null` where the rollout is undefined. */
export function relevanceRow(rollout: Row | null, tokens: number, query: number): Row | null {
  return rollout?.subarray(query * tokens, (query + 1) * tokens) ?? null; // [N]
}

/**
 * The largest relevance of any other token than the query itself, over all rows, rounded up: what the residual connection leaves of the query in
 * itself outweighs everything else, and would leave the rest dark.
 *
 * @returns 1 where nothing but the query itself counts, so that a scale up to it stays dark
 */
export function sharedTop(rows: readonly (Row | null)[], query: number): number {
  const largest = rows.reduce((top, row) => (row === null ? top : Math.max(top, largestOther(row, query))), 0);
  return largest > 0 ? roundedUp(largest) : 1;
}

/** The token, other than the query, of which most arrives in it; `null` where none does. */
export function strongestOther(row: Row, query: number): number | null {
  const largest = largestOther(row, query);
  return largest > 0 ? row.findIndex((value, token) => token !== query && value === largest) : null;
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 8, 10] as const;

/** The next round number, one of 1, 1.5, 2, 3, 4, 5 and 8 times a power of ten: legends read better up to such a one. */
export function roundedUp(top: number): number {
  return roundUp(top, STEPS);
}

/** Whether the query is made of itself alone: the row of an identity. */
export function isOwnOnly(row: Row, query: number): boolean {
  return largestOther(row, query) === 0;
}

/** What lies below this is hidden: a share of the scale's top. */
export function hiddenBelow(top: number, share: number): number {
  return share * top;
}

function largestOther(row: Row, query: number): number {
  return row.reduce((top, value, token) => (token === query || Number.isNaN(value) ? top : Math.max(top, value)), 0);
}
