/**
 * Products of packed signs in WGSL. Two signs multiply to -1 where their bits differ, so for the 32 products of one word
 *
 *     sum of s_a s_b = 32 - 2 countOneBits(a ^ b)            signs by signs
 *     sum of m_a s_b = 2 countOneBits(a & b) - countOneBits(a)   a mask {0, 1} by signs
 *
 * and a GPU counts the bits of a word in one instruction instead of 32 multiplications. Zero points also need the rows' sums of signs:
 * sum (s_a - z_a)(s_b - z_b) = sum s_a s_b - z_b sum s_a - z_a sum s_b + K z_a z_b.
 *
 * Memory is the bottleneck. A workgroup of 8 x 8 invocations computes a tile of 32 x 32 results: it loads 8 words of 32 rows and of 32
 * outputs into workgroup memory, and each invocation combines 4 rows with 4 outputs (half a panel, one vector) from there:
 *
 *     for each 8 words of depth:  load a tile of a and of b;  barrier;  count;  barrier
 *
 * Sums are integers, exact up to 2^24; the scale comes last and rounds once, in either direction (1 unit in the last place).
 */
import { shape3 } from '@/lib/kernels/kernel-host';
import { PANEL_OUTPUTS } from '@/lib/kernels/layout';
import type { MultiplyAttributes, MultiplyInputs, WeightAttributes, WeightInputs } from '@/lib/kernels/packed-kernels';
import { runShader, type ShaderInput } from '@/lib/kernels/webgpu/shader';
import { at } from '@/lib/math/number-row';
import type { tf } from '@/lib/tf';

/** Invocations of a workgroup along each side, which is also the words of a tile; results of an invocation along each side. */
const SIDE = 8;
const EACH = 4;
const TILE = SIDE * EACH;

interface Variant {
  readonly rule: MultiplyAttributes['rule'];
  readonly scalePer: 'head' | 'output';
  readonly hasZeroA: boolean;
  readonly hasZeroB: boolean;
}

function multiplyShader({ rule, scalePer, hasZeroA, hasZeroB }: Variant): string {
  const combined = rule === 'signs' ? 'row ^ outputs' : 'row & outputs';
  // The compiler drops what is multiplied by a literal 0, and the counting for it.
  const zeroOf = (name: string, present: boolean) => (present ? `i32(${name}[head])` : '0');
  const sums =
    rule === 'signs'
      ? `uniforms.depth - 2 * counts[r] - zb * (2 * onesA[r] - uniforms.depth)
           - za * (2 * onesB - uniforms.depth) + uniforms.depth * za * zb`
      : '2 * counts[r] - (1 + zb) * onesA[r]';
  const scaleAt = scalePer === 'head' ? 'head' : 'output';
  return /* wgsl */ `
  var<workgroup> tileA : array<array<i32, ${SIDE}>, ${TILE}>; // [row][word]
  var<workgroup> tileB : array<array<vec4<i32>, ${SIDE}>, ${SIDE}>; // [word][four outputs]

  // Beyond the edges both factors are 0 and add nothing to a count.
  fn wordOfA(group : i32, row : i32, word : i32) -> i32 {
    if (row >= uniforms.aShape.y || word >= uniforms.aShape.z) { return 0; }
    return a[(group * uniforms.aShape.y + row) * uniforms.aShape.z + word];
  }

  fn wordsOfB(group : i32, four : i32, word : i32) -> vec4<i32> {
    let panel = four / 2;
    if (panel >= uniforms.panels || word >= uniforms.aShape.z) { return vec4<i32>(0); }
    return b[((group * uniforms.panels + panel) * uniforms.aShape.z + word) * 2 + four % 2];
  }

  fn main() {
    let group = i32(workgroupId.z);
    let head = group % uniforms.heads;
    let x = i32(localId.x);
    let y = i32(localId.y);
    let rowTile = i32(workgroupId.y) * ${TILE};
    let fourTile = i32(workgroupId.x) * ${SIDE};
    var counts : array<vec4<i32>, ${EACH}>;
    var onesA : array<i32, ${EACH}>;
    var onesB = vec4<i32>(0);

    for (var start = 0; start < uniforms.aShape.z; start += ${SIDE}) {
      for (var r = 0; r < ${EACH}; r++) {
        tileA[r * ${SIDE} + y][x] = wordOfA(group, rowTile + r * ${SIDE} + y, start + x);
      }
      tileB[x][y] = wordsOfB(group, fourTile + y, start + x);
      workgroupBarrier();
      for (var word = 0; word < ${SIDE}; word++) {
        let outputs = tileB[word][x];
        onesB += vec4<i32>(countOneBits(outputs));
        for (var r = 0; r < ${EACH}; r++) {
          let row = vec4<i32>(tileA[y * ${EACH} + r][word]);
          counts[r] += countOneBits(${combined});
          onesA[r] += countOneBits(row.x);
        }
      }
      workgroupBarrier();
    }

    let za = ${zeroOf('zeroA', hasZeroA)};
    let zb = ${zeroOf('zeroB', hasZeroB)};
    for (var r = 0; r < ${EACH}; r++) {
      let row = rowTile + y * ${EACH} + r;
      let sums = ${sums};
      for (var lane = 0; lane < 4; lane++) {
        let output = (fourTile + x) * 4 + lane;
        if (row < uniforms.outShape.y && output < uniforms.outShape.z) {
          result[(group * uniforms.outShape.y + row) * uniforms.outShape.z + output] =
            f32(sums[lane]) * scale[${scaleAt}];
        }
      }
    }
  }`;
}

interface Factors {
  readonly a: tf.TensorInfo; // bits [G, M, words]
  readonly b: tf.TensorInfo; // panels [G, ceil(O / 8), words, 8]
  readonly scale: tf.TensorInfo;
  readonly zeros: readonly ShaderInput[];
  readonly heads: number;
}

function multiply(
  backend: unknown,
  { a, b, scale, zeros, heads }: Factors,
  { outputs, depth }: WeightAttributes,
  variant: Variant,
): tf.TensorInfo {
  const [groups, rows] = shape3(a);
  return runShader(backend, {
    key: `multiply_${Object.values(variant).join('_')}`,
    code: multiplyShader(variant),
    inputs: [{ name: 'a', tensor: a }, { name: 'b', tensor: b, lanes: 4 }, { name: 'scale', tensor: scale }, ...zeros],
    uniforms: { depth, heads, panels: Math.ceil(outputs / PANEL_OUTPUTS) },
    output: { shape: [groups, rows, outputs], dtype: 'float32' },
    grid: { threads: [SIDE, SIDE], workgroups: [Math.ceil(outputs / TILE), Math.ceil(rows / TILE), groups] },
  });
}

export function multiplyBits(
  backend: unknown,
  { a, b, scale, zeroA, zeroB }: MultiplyInputs,
  { rule, ...size }: MultiplyAttributes,
): tf.TensorInfo {
  const variant = {
    rule,
    scalePer: 'head',
    hasZeroA: zeroA !== undefined && rule === 'signs',
    hasZeroB: zeroB !== undefined,
  } as const;
  const zeros = [
    ...(zeroA === undefined || rule === 'mask' ? [] : [{ name: 'zeroA', tensor: zeroA }]),
    ...(zeroB === undefined ? [] : [{ name: 'zeroB', tensor: zeroB }]),
  ];
  return multiply(backend, { a, b, scale, zeros, heads: at(scale.shape, 0) }, size, variant);
}

/** Weights are panels here, [1, ceil(O / 8), words, 8]. */
export function multiplyWeights(backend: unknown, inputs: WeightInputs, size: WeightAttributes): tf.TensorInfo {
  const variant = { rule: 'signs', scalePer: 'output', hasZeroA: false, hasZeroB: false } as const;
  return multiply(backend, { ...inputs, zeros: [], heads: 1 }, size, variant);
}
