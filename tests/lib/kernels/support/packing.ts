/** The packing kernels against `reference.ts`, bit for bit, with numbers on both sides of every border of their rules. */
import fc from 'fast-check';
import { panelsOf, PANEL_OUTPUTS, wordsOf, type BitRule } from '@/lib/kernels/layout';
import * as reference from '@/lib/kernels/reference';
import { runKernel } from '@/lib/kernels/packed-kernels';
import { tf } from '@/lib/tf';
import { activations, AWKWARD, outputCounts, seeds } from '../arbitraries';
import { described, type Values } from './subject';

export interface Packing {
  readonly kernel: () => tf.Tensor;
  readonly expected: Values;
}

/** A scale and an integer for each of two heads. */
const parameters = fc.record({
  alphas: fc.tuple(alphas(), alphas()),
  zeros: fc.tuple(zeros(), zeros()),
  kind: fc.constantFrom<BitRule['kind']>('sign', 'sign-alpha', 'sign-alpha', 'elastic'),
});

/** Normal float32, of either sign. */
function alphas(): fc.Arbitrary<number> {
  const smallest = 2 ** -126;
  return fc.oneof(
    fc.constantFrom(0.3, 1, 2, 7, -0.5, 1e30, smallest, -smallest, 3e38, 4, 8, 0.1).map(Math.fround),
    fc.float({ noNaN: true, min: smallest, noDefaultInfinity: true }),
    fc.float({ noNaN: true, min: Math.fround(0.01), max: 16 }),
  );
}

function zeros(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(0, 1, -1, 3, -3, 255, -255),
    fc.integer({ min: -16, max: 16 }),
    fc.integer({ min: -255, max: 255 }),
  );
}

/** The floats next to x: 2 below, 2 above. */
export function neighbours(x: number): number[] {
  const floats = Float32Array.of(x);
  const bits = new Int32Array(floats.buffer);
  const centre = bits[0] ?? 0;
  return [-2, -1, 0, 1, 2].map((step) => {
    bits[0] = centre + step;
    return floats[0] ?? 0;
  });
}

/** Where a rule's answer changes, near enough, and the numbers that each sign is easily wrong about. */
function numbersNear(rule: BitRule): readonly number[] {
  if (rule.kind === 'sign') return AWKWARD;
  const borders = rule.kind === 'elastic' ? [rule.alpha / 2] : [-rule.zeroPoint * rule.alpha, -rule.alpha * 2 ** -150];
  const near = borders.flatMap((border) => neighbours(Math.fround(border))).filter((x) => !Number.isNaN(x));
  return [...AWKWARD, ...near, ...near];
}

/** x [G, R, C] of two heads, half of it near the borders of its head's rule. */
function groupsOf(rules: readonly BitRule[], size: number, seed: number, withNaN: boolean): Float32Array {
  const parts = rules.map((rule, g) => {
    const near = [...numbersNear(rule), ...(withNaN ? [NaN] : [])];
    return activations(size, seed + g).map((x, i) => (i % 2 === 0 ? x : (near[(i * 7 + seed) % near.length] ?? x)));
  });
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

export function packings(withNaN: boolean): fc.Arbitrary<Packing> {
  return fc
    .tuple(
      fc.constantFrom('rows' as const, 'columns' as const, 'panels' as const),
      parameters,
      fc.integer({ min: 1, max: 2 }), // batch
      outputCounts,
      fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(31, 32, 33, 64, 197)),
      seeds,
    )
    .map(([what, { alphas: scales, zeros: shifts, kind: anyKind }, batch, rows, columns, seed]) => {
      const kind = what === 'columns' ? 'sign-alpha' : anyKind;
      const groups = 2 * batch;
      const rules = Array.from({ length: groups }, (_, g): BitRule => {
        const [alpha, zeroPoint] = [scales[g % 2] ?? 1, shifts[g % 2] ?? 0];
        return kind === 'sign-alpha' ? { kind, alpha, zeroPoint } : kind === 'elastic' ? { kind, alpha } : { kind };
      });
      const x = groupsOf(rules, rows * columns, seed, withNaN);
      const inputs = () => ({
        x: tf.tensor3d(x, [groups, rows, columns]),
        alpha: kind === 'sign' ? undefined : tf.tensor1d([...scales]),
        zeroPoint: kind === 'sign-alpha' ? tf.tensor1d([...shifts]) : undefined,
      });
      const packed = () => runKernel('packRows', inputs(), { rule: kind });
      const each = (pack: (part: Float32Array, rule: BitRule) => Int32Array): number[] =>
        rules.flatMap((rule, g) => Array.from(pack(x.subarray(g * rows * columns, (g + 1) * rows * columns), rule)));
      const words = wordsOf(columns);
      const forms: { readonly [What in typeof what]: () => Packing } = {
        rows: () => ({
          kernel: packed,
          expected: {
            shape: [groups, rows, words],
            values: each((part, rule) => reference.packRows(part, rows, columns, rule)),
          },
        }),
        columns: () => ({
          kernel: () => runKernel('packColumns', inputs(), { rule: kind }),
          expected: {
            shape: [groups, panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS],
            values: each((part, rule) => reference.packColumns(part, rows, columns, rule)),
          },
        }),
        panels: () => ({
          kernel: () => runKernel('packPanels', { bits: packed() }, {}),
          expected: {
            shape: [groups, panelsOf(rows), words, PANEL_OUTPUTS],
            values: each((part, rule) =>
              reference.packPanels(reference.packRows(part, rows, columns, rule), rows, words),
            ),
          },
        }),
      };
      return described(forms[what](), { what, rules, rows, columns, seed });
    });
}
