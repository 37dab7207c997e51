/** Signs as bits, 1 for +1 and 0 for -1: each row starts a new byte. NumPy: `packbits(w >= 0, axis=1, bitorder='little')`. */

export function bytesPerRow(columns: number): number {
  return Math.ceil(columns / 8);
}

/** @returns +-1, [rows, columns] */
export function unpackSigns(bits: Uint8Array, rows: number, columns: number): Float32Array {
  const stride = bytesPerRow(columns);
  const signs = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const byte = bits[row * stride + (column >> 3)] ?? 0;
      signs[row * columns + column] = (byte >> (column & 7)) & 1 ? 1 : -1;
    }
  }
  return signs;
}

/** The inverse of `unpackSigns`; 0 and -0 count as +1. */
export function packSigns(values: Float32Array, rows: number, columns: number): Uint8Array {
  const stride = bytesPerRow(columns);
  const bits = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * stride + (column >> 3);
      if ((values[row * columns + column] ?? 0) >= 0) bits[at] = (bits[at] ?? 0) | (1 << (column & 7));
    }
  }
  return bits;
}
