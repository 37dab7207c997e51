/**
 * Mean attention distance of a head: the distance in the image between a query patch and a key patch, weighted by the attention.
 *
 * Source: Dosovitskiy et al., An Image is Worth 16x16 Words, arXiv 2010.11929, figure 7. Class tokens have no position, so neither
 * their rows nor their columns count; what is left of a row is normalized to sum to 1 (this project's choice).
 */
import { keyTokens, layoutKeys, layoutRows, tokenOfRow, type AttentionLayout } from '@/lib/math/attention-layout';
import { averageDefined } from '@/lib/metrics/averaged';
import { meanCell, type CellValue } from '@/lib/metrics/cell';

/**
 * Between the centres of the patches of a row and of its columns, pixels. NaN where one is a class token, and where a
 * moved window has brought two patches together that the shift mask keeps apart.
 *
 * @returns [rows, keys]
 */
export function patchDistances(layout: AttentionLayout, imageSize: number): Float32Array {
  const { classTokens, gridSide, window } = layout;
  const [rows, keys] = [layoutRows(layout), layoutKeys(layout)];
  const side = imageSize / gridSide; // pixels
  const distances = new Float32Array(rows * keys).fill(NaN);
  for (let row = 0; row < rows; row++) {
    const query = tokenOfRow(layout, row) - classTokens;
    if (query < 0) continue;
    for (const [key, token] of keyTokens(layout, row).entries()) {
      const patch = token - classTokens;
      if (patch < 0) continue;
      const x = (query % gridSide) - (patch % gridSide);
      const y = Math.floor(query / gridSide) - Math.floor(patch / gridSide);
      if (window !== null && Math.max(Math.abs(x), Math.abs(y)) >= window.size) continue;
      distances[row * keys + key] = side * Math.hypot(x, y);
    }
  }
  return distances;
}

/** @param attention [H, rows, keys], non-negative @param distances as `patchDistances` gives them @returns [H] */
export function headDistances(attention: Float32Array, distances: Float32Array, keys: number): readonly CellValue[] {
  const heads = attention.length / distances.length;
  return Array.from({ length: heads }, (_, head) => {
    const start = head * distances.length;
    return meanCell(rowDistances(attention.subarray(start, start + distances.length), distances, keys));
  });
}

/** What rows give that prefer no key. */
export function flatDistance(distances: Float32Array, keys: number): number {
  return averageDefined(rowDistances(new Float32Array(distances.length).fill(1), distances, keys)).value ?? NaN;
}

/** One for each row of a patch; `null` where no patch has any weight. */
function rowDistances(attention: Float32Array, distances: Float32Array, keys: number): readonly (number | null)[] {
  const means: (number | null)[] = [];
  for (let start = 0; start < distances.length; start += keys) {
    let mass = 0;
    let sum = 0;
    let isPatch = false;
    for (let at = start; at < start + keys; at++) {
      const distance = distances[at] ?? NaN;
      if (Number.isNaN(distance)) continue;
      isPatch = true;
      const weight = attention[at] ?? 0;
      mass += weight;
      sum += weight * distance;
    }
    if (isPatch) means.push(mass > 0 ? sum / mass : null);
  }
  return means;
}
