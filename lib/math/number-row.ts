/**
 * A row of numbers as the project hands it around: a view into a trace, a float64 result, or a literal.
 * Matrices are the same type, flat and row-major.
 */
export type NumberRow = Float32Array | Float64Array | readonly number[];

/**
 * The element at `index`, as a number.
 *
 * Under `noUncheckedIndexedAccess` every indexing is `number | undefined`; this is the one place where that
 * union is resolved, by checking and not by casting.
 *
 * @throws RangeError outside the row.
 */
export function at(row: ArrayLike<number>, index: number): number {
  const value = row[index];
  if (value === undefined) throw new RangeError(`index ${index} is outside a row of ${row.length} entries`);
  return value;
}

/** @throws RangeError when two rows that are compared entry by entry differ in length. */
export function requireSameLength(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) throw new RangeError(`rows of ${a.length} and ${b.length} entries cannot be compared`);
}

/**
 * Row `index` of a flat row-major matrix; a view where the storage allows one, never a copy of the whole.
 *
 * @throws RangeError when the matrix does not hold that row entirely.
 */
export function matrixRow(matrix: NumberRow, columns: number, index: number): NumberRow {
  const start = index * columns;
  if (start < 0 || start + columns > matrix.length) {
    throw new RangeError(`row ${index} of ${columns} entries is outside a matrix of ${matrix.length} entries`);
  }
  return 'subarray' in matrix ? matrix.subarray(start, start + columns) : matrix.slice(start, start + columns);
}
