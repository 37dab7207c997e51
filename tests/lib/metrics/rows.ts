import fc from 'fast-check';

/** Arbitrary rows for the property tests. */

/** Entries from a handful of values: most pairs are tied, as in a binarized map. */
export const tiedEntry = fc.integer({ min: 0, max: 3 });

export const finiteEntry = fc.double({ min: -1e6, max: 1e6, noNaN: true });

export const weight = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(0), fc.constant(0.25));

/** Two rows of the same length. */
export function pairOf(entry: fc.Arbitrary<number>, minLength = 1, maxLength = 40): fc.Arbitrary<[number[], number[]]> {
  return fc
    .integer({ min: minLength, max: maxLength })
    .chain((length) =>
      fc.tuple(
        fc.array(entry, { minLength: length, maxLength: length }),
        fc.array(entry, { minLength: length, maxLength: length }),
      ),
    );
}

/** Two rows and one permutation of their places. */
export function permutedPairOf(entry: fc.Arbitrary<number>, minLength = 2, maxLength = 30) {
  return pairOf(entry, minLength, maxLength).chain(([t, s]) => {
    const places = t.map((_, i) => i);
    return fc.tuple(
      fc.constant(t),
      fc.constant(s),
      fc.shuffledSubarray(places, { minLength: places.length, maxLength: places.length }),
    );
  });
}

/** Entries that a metric must turn into an answer or `null`, never into NaN. */
export const anyEntry = fc.oneof(fc.double(), tiedEntry, weight);
