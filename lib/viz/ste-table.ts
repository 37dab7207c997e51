/**
 * A quantizer's plot in rows: by bars of its inputs where it has any, else by a few of its samples.
 */
import { formatNumber } from '@/lib/viz/format';
import { nearestSample } from '@/lib/viz/step-curve';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';

export interface SteTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Rows of a quantizer without inputs. */
const SAMPLE_ROWS = 25;

export function steTable(label: string, curve: QuantizerView['curve'], inputs: QuantizerView['inputs']): SteTable {
  const values = (sample: number): readonly string[] => [
    formatNumber(curve.forward[sample]),
    formatNumber(curve.surrogate[sample]),
  ];
  const columns = ['x', 'forward', 'derivative in training'];
  if (inputs === null) {
    const last = curve.x.length - 1;
    const count = Math.min(SAMPLE_ROWS, last + 1);
    const samples = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * last) / (count - 1))));
    return { caption: label, columns, rows: samples.map((i) => [formatNumber(curve.x[i]), ...values(i)]) };
  }
  return {
    caption: `${label}; counted: ${inputs.what}, ${inputs.total} values, ${inputs.outside} of them beyond the plot. Forward and derivative at the middle of each bar.`,
    columns: ['x, from … to', ...columns.slice(1), 'inputs'],
    rows: inputs.counts.map((count, i) => {
      const [lower, upper] = [inputs.edges[i] ?? 0, inputs.edges[i + 1] ?? 0];
      const middle = nearestSample(curve.x, (lower + upper) / 2);
      return [`${formatNumber(lower)} … ${formatNumber(upper)}`, ...values(middle), String(count)];
    }),
  };
}
