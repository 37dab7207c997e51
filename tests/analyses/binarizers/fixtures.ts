import type { BinarizedRow, BinarizerComparison, BinarizerMean } from '@/analyses/binarizers/protocol';
import { elastic } from '@/lib/quantizers/elastic';
import { softmax } from '@/lib/math/softmax';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import { BINARIZER_IDS, type BinarizerId } from '@/lib/quantizers/attention/records';
import { FAMILY } from '@/tests/fashion-mnist';
import type { CellValue } from '@/lib/metrics/cell';

/** Results as the worker would send them, by hand. */

export const ATTENTION = Float32Array.from(
  softmax(Float32Array.from({ length: FAMILY.tokens }, (_, i) => Math.sin(i))),
);

export function makeRow(id: BinarizerId, change: Partial<BinarizedRow> = {}): BinarizedRow {
  return {
    id,
    values: ATTENTION.map((p) => (p > 0.02 ? 0.04 : 0)),
    parameters: [],
    density: 0.5,
    tauB: 0.5,
    error: 0.5,
    passShare: 0.5,
    ...change,
  };
}

export function makeComparison(
  changes: { readonly [Id in BinarizerId]?: Partial<BinarizedRow> } = {},
): BinarizerComparison {
  return { attention: ATTENTION, rows: BINARIZER_IDS.map((id) => makeRow(id, changes[id])) };
}

export function cell(value: number | null, definedRows = 5000): CellValue {
  return { value, definedRows, totalRows: 5000 };
}

export function makeMean(id: BinarizerId, change: Partial<BinarizerMean> = {}): BinarizerMean {
  return { id, density: cell(0.5), tauB: cell(0.5), error: cell(0.5), passShare: cell(0.5), ...change };
}

const PARAMETERS = { alpha: 0.08 };
const XS = Float32Array.from({ length: 121 }, (_, i) => -0.01 + i / 500);

export function makeQuantizer(change: Partial<QuantizerView> = {}): QuantizerView {
  return {
    id: 'attention',
    slot: 'attention',
    name: 'Elastic',
    bits: 1,
    equation: elastic.equation,
    source: elastic.source,
    parameters: [{ symbol: String.raw`\alpha`, value: PARAMETERS.alpha }],
    curve: {
      x: XS,
      forward: XS.map((x) => elastic.forward(x, PARAMETERS)),
      surrogate: XS.map((x) => elastic.surrogate(x, PARAMETERS)),
    },
    inputs: {
      counts: [90, 8, 2],
      edges: [0, 0.07, 0.14, 0.21],
      what: 'attention of layer 1, head 3, this picture',
      outside: 0,
      insideShare: 0.91,
      total: 100,
    },
    whyNoInputs: null,
    ...change,
  };
}
