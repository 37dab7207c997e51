/**
 * Packing in WGSL. Each invocation writes one word of 32 bits, so no two write to the same word:
 *
 *     word = isOne(x_0) | isOne(x_1) << 1 | ... | isOne(x_31) << 31
 *
 * Unused bits of a row's last word stay 0. `border.ts` decides which x is a one, and for which alpha and zero points that is exact.
 */
import { shape3 } from '@/lib/kernels/kernel-host';
import { panelsOf, PANEL_OUTPUTS, WORD_BITS, wordsOf } from '@/lib/kernels/layout';
import type { BitInputs, PackAttributes, PackInputs } from '@/lib/kernels/packed-kernels';
import { BORDER_WGSL } from '@/lib/kernels/webgpu/border';
import { runShader, type ShaderInput } from '@/lib/kernels/webgpu/shader';
import { at } from '@/lib/math/number-row';
import type { tf } from '@/lib/tf';

type Axis = 'rows' | 'columns';

/** The 32 numbers of a word: index of the first, step between them, and how many exist. */
const NUMBERS: { readonly [A in Axis]: string } = {
  // of word z in row y
  rows: /* wgsl */ `
    let at = getCoordsFromIndex(index); // group, row, word
    let first = (at.x * uniforms.xShape.y + at.y) * uniforms.xShape.z + at.z * ${WORD_BITS};
    let step = 1;
    let count = min(uniforms.xShape.z - at.z * ${WORD_BITS}, ${WORD_BITS});`,
  // of word z in column w of panel y; the last panel has columns that do not exist
  columns: /* wgsl */ `
    let at = getCoordsFromIndex(index); // group, panel, word, column of the panel
    let column = at.y * ${PANEL_OUTPUTS} + at.w;
    let first = (at.x * uniforms.xShape.y + at.z * ${WORD_BITS}) * uniforms.xShape.z + column;
    let step = uniforms.xShape.z;
    let rows = min(uniforms.xShape.y - at.z * ${WORD_BITS}, ${WORD_BITS});
    let count = select(0, rows, column < uniforms.xShape.z);`,
};

function packShader(axis: Axis, rule: PackAttributes['rule'], shifted: boolean): string {
  const alpha = 'alpha[at.x % uniforms.heads]';
  const size = `bitcast<i32>(${alpha}) & 0x7fffffff`;
  const zero = shifted ? 'i32(zeroPoint[at.x % uniforms.heads])' : '0';
  const borders = {
    sign: 'Border(0, false)',
    'sign-alpha': `Border(borderOfSign(${size}, ${zero}), bitcast<i32>(${alpha}) < 0)`,
    elastic: `Border(aboveHalf(${size}), bitcast<i32>(${alpha}) < 0)`,
  };
  return /* wgsl */ `
  ${BORDER_WGSL}
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    ${NUMBERS[axis]}
    let border = ${borders[rule]};
    var word = 0;
    for (var bit = 0; bit < count; bit++) {
      word |= select(0, 1, isOne(x[first + bit * step], border)) << u32(bit);
    }
    result[index] = word;
  }`;
}

function pack(
  backend: unknown,
  axis: Axis,
  { x, alpha, zeroPoint }: PackInputs,
  { rule }: PackAttributes,
  shape: readonly number[],
): tf.TensorInfo {
  const inputs: ShaderInput[] = [{ name: 'x', tensor: x }];
  const scaled = rule !== 'sign' && alpha !== undefined;
  const shifted = rule === 'sign-alpha' && zeroPoint !== undefined;
  if (rule !== 'sign' && !scaled) throw new RangeError(`The rule ${rule} needs an alpha for each head.`);
  if (scaled) inputs.push({ name: 'alpha', tensor: alpha });
  if (shifted) inputs.push({ name: 'zeroPoint', tensor: zeroPoint });
  return runShader(backend, {
    key: `pack_${axis}_${rule}_${shifted}`,
    code: packShader(axis, rule, shifted),
    inputs,
    uniforms: { heads: scaled ? at(alpha.shape, 0) : 1 },
    output: { shape, dtype: 'int32' },
    grid: null,
  });
}

export function packRows(backend: unknown, inputs: PackInputs, attributes: PackAttributes): tf.TensorInfo {
  const [groups, rows, columns] = shape3(inputs.x);
  return pack(backend, 'rows', inputs, attributes, [groups, rows, wordsOf(columns)]);
}

export function packColumns(backend: unknown, inputs: PackInputs, attributes: PackAttributes): tf.TensorInfo {
  const [groups, rows, columns] = shape3(inputs.x);
  const shape = [groups, panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS];
  return pack(backend, 'columns', inputs, attributes, shape);
}

const PANELS_WGSL = /* wgsl */ `
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    let at = getCoordsFromIndex(index); // group, panel, word, output of the panel
    let output = at.y * ${PANEL_OUTPUTS} + at.w;
    var word = 0;
    if (output < uniforms.bitsShape.y) {
      word = bits[(at.x * uniforms.bitsShape.y + output) * uniforms.bitsShape.z + at.z];
    }
    result[index] = word;
  }`;

export function packPanels(backend: unknown, { bits }: BitInputs): tf.TensorInfo {
  const [groups, outputs, words] = shape3(bits);
  return runShader(backend, {
    key: 'pack_panels',
    code: PANELS_WGSL,
    inputs: [{ name: 'bits', tensor: bits }],
    output: { shape: [groups, panelsOf(outputs), words, PANEL_OUTPUTS], dtype: 'int32' },
    grid: null,
  });
}
