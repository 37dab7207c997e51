/** One quantizer as the viewer of straight-through estimators shows it: its record, its curve, and its inputs. */
import { histogram } from '@/lib/math/histogram';
import type { NumberRow } from '@/lib/math/number-row';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { sampleCurve } from '@/lib/quantizers/sample-curve';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import type { LatentWeights } from '@/models/families/latents';

const POINTS = 501;
const BINS = 60;
/** Share of the range beside inputs and window, so that neither touches the frame. */
const MARGIN = 0.05;
/** A window this many times wider than the inputs would squeeze them into a line: then the inputs alone set the range. */
const WIDEST = 8;

export interface QuantizerSketch<Parameters> extends Pick<QuantizerView, 'id' | 'slot'> {
  readonly quantizer: Quantizer<Parameters>;
  readonly parameters: Parameters;
  /** Tells it from others of the same name: `qkv`. */
  readonly suffix?: string;
  /** Parameters to show. */
  readonly shown: QuantizerView['parameters'];
  /** Where its steps and its window end: what the plot should reach. */
  readonly marks: readonly number[];
}

/** @param insideShare where rows have curves of their own (a threshold), of which one is drawn */
export function viewWithValues<Parameters>(
  sketch: QuantizerSketch<Parameters>,
  values: NumberRow,
  what: string,
  insideShare?: number,
): QuantizerView {
  const range = rangeOf(values, sketch.marks);
  // A bin that began before the least input would draw the many zeros of a softmax left of 0.
  const inputs = endsOf(values);
  const counted = histogram(values, BINS, inputs !== null && inputs[1] > inputs[0] ? inputs : range);
  if (counted === null) throw new RangeError('a histogram of nothing');
  let inside = 0;
  for (const x of values) if (sketch.quantizer.surrogate(x, sketch.parameters) !== 0) inside++;
  return {
    ...recordOf(sketch),
    curve: curveOf(sketch, range),
    inputs: { ...counted, what, insideShare: insideShare ?? inside / values.length, total: values.length },
    whyNoInputs: null,
  };
}

/** From a stored histogram. */
export function viewWithLatents<Parameters>(
  sketch: QuantizerSketch<Parameters>,
  { limit, counts, count, insideShare }: LatentWeights,
  what: string,
): QuantizerView {
  const edges = Array.from({ length: counts.length + 1 }, (_, i) => -limit + (2 * limit * i) / counts.length);
  return {
    ...recordOf(sketch),
    curve: curveOf(sketch, rangeOf([-limit, limit], sketch.marks)),
    inputs: { counts, edges, what, outside: 0, insideShare, total: count },
    whyNoInputs: null,
  };
}

export function viewWithout<Parameters>(sketch: QuantizerSketch<Parameters>, whyNoInputs: string): QuantizerView {
  return { ...recordOf(sketch), curve: curveOf(sketch, rangeOf([], sketch.marks)), inputs: null, whyNoInputs };
}

function recordOf<Parameters>({ id, slot, quantizer, suffix, shown }: QuantizerSketch<Parameters>) {
  const { name, bits, equation, source } = quantizer;
  const fullName = suffix === undefined ? name : `${name} (${suffix})`;
  return { id, slot, name: fullName, bits, equation, source, parameters: shown };
}

function curveOf<Parameters>(
  { quantizer, parameters }: QuantizerSketch<Parameters>,
  range: readonly [number, number],
): QuantizerView['curve'] {
  const forward = (x: number) => quantizer.forward(x, parameters);
  const surrogate = (x: number) => quantizer.surrogate(x, parameters);
  return sampleCurve({ forward, surrogate }, range, POINTS);
}

/** All inputs, and the marks unless those would dwarf the inputs. */
function rangeOf(values: NumberRow, marks: readonly number[]): readonly [number, number] {
  const inputs = endsOf(values);
  const both = endsOf([...(inputs ?? []), ...marks]);
  if (both === null) throw new RangeError('neither inputs nor marks give a range');
  const isDwarfed = inputs !== null && inputs[1] > inputs[0] && both[1] - both[0] > WIDEST * (inputs[1] - inputs[0]);
  const [lower, upper] = inputs !== null && isDwarfed ? inputs : both;
  const margin = upper > lower ? MARGIN * (upper - lower) : 1;
  return [lower - margin, upper + margin];
}

function endsOf(values: NumberRow): readonly [number, number] | null {
  let [lower, upper] = [Infinity, -Infinity];
  for (const x of values) {
    lower = Math.min(lower, x);
    upper = Math.max(upper, x);
  }
  return lower > upper ? null : [lower, upper];
}
