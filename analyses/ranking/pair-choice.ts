import type { PairOrder } from '@/lib/metrics/pair-order';

export type KeyPair = readonly [number, number];

/** Where the inspector starts in a row: its first reversed pair, else its first tied one, else the first two keys. */
export function tellingPair({ pairs }: PairOrder): KeyPair | null {
  const pair =
    pairs.find(({ relation }) => relation === 'discordant') ??
    pairs.find(({ relation }) => relation === 'tied') ??
    pairs[0];
  return pair === undefined ? null : [pair.first, pair.second];
}

/** With another key in one of the two places; choosing the key of the other place swaps them, so that they always differ. */
export function withKey([i, j]: KeyPair, place: 'i' | 'j', key: number): KeyPair {
  if (place === 'i') return key === j ? [j, i] : [key, j];
  return key === i ? [j, i] : [i, key];
}
