/** Binarizers that map a row's entries one by one: the float64 form and the curve follow from the scalar quantizer. */
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { quantile } from '@/lib/math/quantile';
import {
  requireHead,
  type AttentionBinarizer,
  type AttentionHead,
  type BinarizedHead,
  type Scales,
} from '@/lib/quantizers/attention/binarizer';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import type { Quantizer } from '@/lib/quantizers/quantizer';

interface Entrywise<Scale extends string, Parameters> {
  readonly quantizer: Quantizer<Parameters>;
  /** The map that its scalar form reads. */
  readonly reads: 'attention' | 'scores';
  /** Of one head. */
  readonly scalesOf: (head: AttentionHead, fit: BinarizerFit) => Scales<Scale, number>;
  /** LaTeX, for those that are shown. */
  readonly symbols: { readonly [Name in Scale]?: string };
  /** @param largest of the row */
  readonly parametersOf: (scales: Scales<Scale, number>, largest: number) => Parameters;
  /** Where steps and window end. */
  readonly marksOf: (scales: Scales<Scale, number>, largest: number) => readonly number[];
  /** LaTeX of a row's largest entry, where parameters depend on it: the curve is then that of the row with the median one. */
  readonly largest?: string;
}

export function entrywise<Scale extends string, Parameters>({
  quantizer,
  reads,
  scalesOf,
  symbols,
  parametersOf,
  marksOf,
  largest: symbol,
}: Entrywise<Scale, Parameters>): Required<Pick<AttentionBinarizer<Scale>, 'binarize' | 'sketch'>> {
  const curveOf = (scales: Scales<Scale, number>, largest: number) => {
    const parameters = parametersOf(scales, largest);
    return {
      forward: (x: number) => quantizer.forward(x, parameters),
      surrogate: (x: number) => quantizer.surrogate(x, parameters),
    };
  };
  const shownOf = (scales: Scales<Scale, number>): BinarizedHead['parameters'] =>
    (Object.entries(symbols) as [Scale, string][]).map(([name, latex]) => ({ symbol: latex, value: scales[name] }));

  return {
    binarize(head, fit) {
      requireHead(head);
      const { [reads]: map, tokens } = head;
      const scales = scalesOf(head, fit);
      const ofRow = (row: NumberRow) => curveOf(scales, largestOf(row));
      return {
        values: mapRows(map, tokens, (row) => ofRow(row).forward),
        parameters: shownOf(scales),
        passShare: passShareOf(map, tokens, (row) => ofRow(row).surrogate),
      };
    },
    sketch(head, given) {
      const { [reads]: map, tokens } = head;
      const scales = given ?? scalesOf(head, 'official');
      const rows = Array.from({ length: tokens }, (_, i) => i);
      const largest = quantile(
        rows.map((i) => largestOf(matrixRow(map, tokens, i))),
        0.5,
      );
      const passShare = passShareOf(map, tokens, (row) => curveOf(scales, largestOf(row)).surrogate);
      return {
        reads,
        ...curveOf(scales, largest ?? NaN),
        shown: [...shownOf(scales), ...(symbol === undefined ? [] : [{ symbol, value: largest ?? NaN }])],
        marks: marksOf(scales, largest ?? NaN),
        insideShare: rows.reduce((sum, i) => sum + passShare(i), 0) / tokens,
      };
    },
  };
}

/** Applies it to every entry; O(N^2). @returns [N, N] */
export function mapRows(
  map: NumberRow,
  tokens: number,
  ofRow: (row: NumberRow) => (x: number) => number,
): Float64Array {
  const values = new Float64Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) {
    const row = matrixRow(map, tokens, i);
    const forward = ofRow(row);
    for (let j = 0; j < tokens; j++) values[i * tokens + j] = forward(at(row, j));
  }
  return values;
}

/** Share of a row's entries where the surrogate derivative is not 0. */
export function passShareOf(
  map: NumberRow,
  tokens: number,
  ofRow: (row: NumberRow) => (x: number) => number,
): BinarizedHead['passShare'] {
  return (i) => {
    const row = matrixRow(map, tokens, i);
    const surrogate = ofRow(row);
    let passed = 0;
    for (const x of row) if (surrogate(x) !== 0) passed++;
    return passed / tokens;
  };
}

export function largestOf(row: NumberRow): number {
  let largest = -Infinity;
  for (const x of row) if (x > largest) largest = x;
  return largest;
}
