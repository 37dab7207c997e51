/** The kernels of `names.ts` by way of `reference.ts`, for any backend whose tensors JavaScript can read. */
import { ofHead, sizes3, type KernelHost } from '@/lib/kernels/kernel-host';
import { NIBBLE_OUTPUTS, NIBBLES_PER_WORD, panelsOf, PANEL_OUTPUTS, wordsOf, type BitRule } from '@/lib/kernels/layout';
import type {
  MultiplyAttributes,
  MultiplyInputs,
  WeightAttributes,
  WeightInputs,
  PackAttributes,
  PackInputs,
  PanelInputs,
} from '@/lib/kernels/names';
import {
  packColumns,
  packNibbles,
  packPanels,
  packRows,
  scaleSums,
  sumProducts,
  unpackNibbles,
} from '@/lib/kernels/reference';
import type { tf } from '@/lib/tf';

export function packRowsReference(
  host: KernelHost,
  { x, ...parameters }: PackInputs,
  { rule }: PackAttributes,
): tf.TensorInfo {
  const [groups, rows, columns] = sizes3(x);
  const values = host.floats(x);
  const bits = new Int32Array(groups * rows * wordsOf(columns));
  for (let g = 0; g < groups; g++) {
    bits.set(
      packRows(group(values, g, groups), rows, columns, ruleOf(host, rule, parameters, g)),
      (g * bits.length) / groups,
    );
  }
  return host.tensor([groups, rows, wordsOf(columns)], bits);
}

export function packColumnsReference(
  host: KernelHost,
  { x, ...parameters }: PackInputs,
  { rule }: PackAttributes,
): tf.TensorInfo {
  const [groups, rows, columns] = sizes3(x);
  const values = host.floats(x);
  const shape = [groups, panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS] as const;
  const panels = new Int32Array(shape[0] * shape[1] * shape[2] * shape[3]);
  for (let g = 0; g < groups; g++) {
    const rules = ruleOf(host, rule, parameters, g);
    panels.set(packColumns(group(values, g, groups), rows, columns, rules), (g * panels.length) / groups);
  }
  return host.tensor(shape, panels);
}

export function packPanelsReference(host: KernelHost, { bits }: PanelInputs): tf.TensorInfo {
  const [groups, outputs, words] = sizes3(bits);
  const values = host.integers(bits);
  const panels = new Int32Array(groups * panelsOf(outputs) * words * PANEL_OUTPUTS);
  for (let g = 0; g < groups; g++) {
    panels.set(packPanels(group(values, g, groups), outputs, words), (g * panels.length) / groups);
  }
  return host.tensor([groups, panelsOf(outputs), words, PANEL_OUTPUTS], panels);
}

export function multiplyReference(
  host: KernelHost,
  inputs: MultiplyInputs,
  attributes: MultiplyAttributes,
): tf.TensorInfo {
  const [groups, rows] = sizes3(inputs.a);
  const { outputs, depth } = attributes;
  const [a, b, scale] = [host.integers(inputs.a), host.integers(inputs.b), host.floats(inputs.scale)];
  const [zeroA, zeroB] = [optional(host, inputs.zeroA), optional(host, inputs.zeroB)];
  const y = new Float32Array(groups * rows * outputs);
  for (let g = 0; g < groups; g++) {
    const zeros = { zeroA: ofHead(zeroA, g), zeroB: ofHead(zeroB, g) };
    const rule =
      attributes.rule === 'signs' ? ({ kind: 'signs', ...zeros } as const) : ({ kind: 'mask', ...zeros } as const);
    const sums = sumProducts(group(a, g, groups), group(b, g, groups), { rows, outputs, depth }, rule);
    const scales = Float32Array.of(ofHead(scale, g));
    y.set(scaleSums(sums, outputs, scales), g * rows * outputs);
  }
  return host.tensor([groups, rows, outputs], y);
}

export function packWeightsReference(host: KernelHost, { bits }: PanelInputs): tf.TensorInfo {
  const [, outputs, words] = sizes3(bits);
  const shape = [Math.ceil(outputs / NIBBLE_OUTPUTS), words * NIBBLES_PER_WORD, NIBBLE_OUTPUTS / 4];
  return host.tensor(shape, packNibbles(host.integers(bits), outputs, words));
}

export function multiplyWeightsReference(
  host: KernelHost,
  inputs: WeightInputs,
  { outputs, depth }: WeightAttributes,
): tf.TensorInfo {
  const [, rows, words] = sizes3(inputs.a);
  const b = packPanels(unpackNibbles(host.integers(inputs.b), outputs, words), outputs, words);
  const sums = sumProducts(host.integers(inputs.a), b, { rows, outputs, depth }, { kind: 'signs', zeroA: 0, zeroB: 0 });
  return host.tensor([1, rows, outputs], scaleSums(sums, outputs, host.floats(inputs.scale).subarray(0, outputs)));
}

function ruleOf(host: KernelHost, rule: PackAttributes['rule'], parameters: Omit<PackInputs, 'x'>, g: number): BitRule {
  if (rule === 'sign') return { kind: 'sign' };
  const alpha = ofHead(optional(host, parameters.alpha), g);
  if (rule === 'elastic') return { kind: 'elastic', alpha };
  return { kind: 'sign-alpha', alpha, zeroPoint: ofHead(optional(host, parameters.zeroPoint), g) };
}

function optional(host: KernelHost, tensor: tf.TensorInfo | undefined): Float32Array | null {
  return tensor === undefined ? null : host.floats(tensor);
}

/** The part of one group, without a copy. */
function group<T extends Float32Array | Int32Array>(values: T, g: number, groups: number): T {
  const length = values.length / groups;
  return values.subarray(g * length, (g + 1) * length) as T;
}
