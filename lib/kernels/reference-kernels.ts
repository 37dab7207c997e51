/** The packed kernels on `reference.ts`, for any backend whose tensors JavaScript can read. */
import { ofHead, shape3, type KernelHost, type Values } from '@/lib/kernels/kernel-host';
import { NIBBLE_OUTPUTS, NIBBLES_PER_WORD, panelsOf, PANEL_OUTPUTS, wordsOf, type BitRule } from '@/lib/kernels/layout';
import type { PackAttributes, PackedKernels, PackInputs } from '@/lib/kernels/packed-kernels';
import * as reference from '@/lib/kernels/reference';
import type { tf } from '@/lib/tf';

export function referenceKernels(host: KernelHost): PackedKernels {
  const optional = (tensor: tf.TensorInfo | undefined) => (tensor === undefined ? null : host.floats(tensor));

  /** @param packGroup of x [R, C], one group of many */
  function pack(
    { x, ...parameters }: PackInputs,
    { rule }: PackAttributes,
    shape: readonly number[],
    packGroup: typeof reference.packRows,
  ): tf.TensorInfo {
    const [groups, rows, columns] = shape3(x);
    const [values, alpha, zeroPoint] = [host.floats(x), optional(parameters.alpha), optional(parameters.zeroPoint)];
    const bitRule = (g: number): BitRule =>
      rule === 'sign' ? { kind: rule } : { kind: rule, alpha: ofHead(alpha, g), zeroPoint: ofHead(zeroPoint, g) };
    return host.tensor(
      [groups, ...shape],
      joined(groups, (g) => packGroup(group(values, g, groups), rows, columns, bitRule(g))),
    );
  }

  return {
    packRows(inputs, attributes) {
      const [, rows, columns] = shape3(inputs.x);
      return pack(inputs, attributes, [rows, wordsOf(columns)], reference.packRows);
    },
    packColumns(inputs, attributes) {
      const [, rows, columns] = shape3(inputs.x);
      return pack(inputs, attributes, [panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS], reference.packColumns);
    },
    packPanels({ bits }) {
      const [groups, outputs, words] = shape3(bits);
      const values = host.integers(bits);
      const panels = joined(groups, (g) => reference.packPanels(group(values, g, groups), outputs, words));
      return host.tensor([groups, panelsOf(outputs), words, PANEL_OUTPUTS], panels);
    },
    packWeights({ bits }) {
      const [, outputs, words] = shape3(bits);
      const shape = [Math.ceil(outputs / NIBBLE_OUTPUTS), words * NIBBLES_PER_WORD, NIBBLE_OUTPUTS / 4];
      return host.tensor(shape, reference.packNibbles(host.integers(bits), outputs, words));
    },
    multiplyBits(inputs, { rule, outputs, depth }) {
      const [groups, rows] = shape3(inputs.a);
      const [a, b, scale] = [host.integers(inputs.a), host.integers(inputs.b), host.floats(inputs.scale)];
      const [zeroA, zeroB] = [optional(inputs.zeroA), optional(inputs.zeroB)];
      const y = new Float32Array(groups * rows * outputs);
      for (let g = 0; g < groups; g++) {
        const zeros = { zeroA: ofHead(zeroA, g), zeroB: ofHead(zeroB, g) };
        const size = { rows, outputs, depth };
        const sums = reference.sumProducts(group(a, g, groups), group(b, g, groups), size, { kind: rule, ...zeros });
        y.set(reference.scaleSums(sums, outputs, Float32Array.of(ofHead(scale, g))), g * rows * outputs);
      }
      return host.tensor([groups, rows, outputs], y);
    },
    multiplyWeights({ a, b, scale }, { outputs, depth }) {
      const [, rows, words] = shape3(a);
      const panels = reference.packPanels(reference.unpackNibbles(host.integers(b), outputs, words), outputs, words);
      const rule = { kind: 'signs', zeroA: 0, zeroB: 0 } as const;
      const sums = reference.sumProducts(host.integers(a), panels, { rows, outputs, depth }, rule);
      const scales = host.floats(scale).subarray(0, outputs);
      return host.tensor([1, rows, outputs], reference.scaleSums(sums, outputs, scales));
    },
  };
}

/** One group's part of an array, without a copy. */
function group<T extends Values>(values: T, g: number, groups: number): T {
  const length = values.length / groups;
  return values.subarray(g * length, (g + 1) * length) as T;
}

function joined(groups: number, of: (g: number) => Int32Array): Int32Array {
  const parts = Array.from({ length: groups }, (_, g) => of(g));
  const length = parts[0]?.length ?? 0;
  const all = new Int32Array(groups * length);
  parts.forEach((part, g) => all.set(part, g * length));
  return all;
}
