/** One block, x += proj(attention(norm1(x))), x += fc2(GELU(fc1(norm2(x)))), in bits between its products. */
import type { Arena, Offset } from '@/lib/kernels/forward/arena';
import { blockSize, type BlockBuffers } from '@/lib/kernels/forward/block-buffers';
import {
  expTable,
  putNorm,
  putScaled,
  putSigned,
  type PackedLinear,
  type PackedNorm,
} from '@/lib/kernels/forward/packed-parameters';
import type { FusedPart, RunContext } from '@/lib/kernels/forward/run-context';
import type { AttentionSpec, BlockSpec, HeadLinear } from '@/lib/kernels/forward/spec';
import { headMaps, viewBlock } from '@/lib/kernels/forward/view-block';
import { wordsOf } from '@/lib/kernels/layout';

/** Counts must fit in a byte. */
const MAX_HEAD_SIZE = 224;

type PackedHeads =
  | { readonly kind: 'normed'; readonly linear: PackedLinear; readonly norm: PackedNorm; readonly from: Offset }
  | { readonly kind: 'plain'; readonly linear: PackedLinear };

/** @throws RangeError for heads of more than 224 channels */
export function fusedBlock(arena: Arena, spec: BlockSpec, buffers: BlockBuffers): FusedPart {
  const { heads, size, tokens: keys, windows, alpha, scale } = spec.attention;
  if (size > MAX_HEAD_SIZE) throw new RangeError(`A head has at most ${MAX_HEAD_SIZE} channels, got ${size}.`);
  const { rows, width, byteStride } = blockSize(spec);
  const [norm1, norm2] = [putNorm(arena, spec.norm1), putNorm(arena, spec.norm2)];
  const [q, k, v] = [
    putHeads(arena, spec.attention.q),
    putHeads(arena, spec.attention.k),
    putSigned(arena, spec.attention.v),
  ];
  const proj = putScaled(arena, spec.attention.proj);
  const [fc1, fc2] = [putSigned(arena, spec.fc1), putScaled(arena, spec.fc2)];
  const zero = arena.put(Float32Array.of(0));
  const tokenOrder = spec.attention.order && arena.put(spec.attention.order);
  const exps = spec.attention.bias === null ? arena.put(expTables(spec.attention)) : null;
  const bias = spec.attention.bias && arena.put(spec.attention.bias);
  const biasIsShifted = (spec.attention.bias?.length ?? 0) > heads * keys ** 2;

  /** tokens -> bits */
  function normSigns({ kernels, base, tokens }: RunContext, norm: PackedNorm, order: number): void {
    const parameters = [base + norm.weight, base + norm.bias, norm.eps, base + zero, 1] as const;
    const [out, scratch] = [base + buffers.bits, base + buffers.scratch];
    kernels.normSigns(rows, width, tokens, 4 * width, order, ...parameters, out, scratch);
  }

  /** bits -> tokens += linear */
  function add({ kernels, base, tokens }: RunContext, linear: PackedLinear, bits: number, order: number): void {
    const factors = [bits, base + linear.nibbles, base + linear.parameters] as const;
    const result = [tokens, 4 * width, order, base + buffers.scratch] as const;
    kernels.lookupAdd(rows, linear.outputs, linear.depth, ...factors, ...result);
  }

  /** bits -> bits [rows, H, ceil(D / 32)] */
  function headBits({ kernels, base }: RunContext, { linear, ...head }: PackedHeads, to: number): void {
    const factors = [base + buffers.bits, base + linear.nibbles, base + linear.parameters] as const;
    const [bytes, floats, scratch] = [base + buffers.bytes, base + buffers.floats, base + buffers.scratch];
    if (head.kind === 'plain') {
      kernels.lookupBytes(rows, width, linear.depth, ...factors, bytes, byteStride, scratch);
      kernels.packBytes(rows, heads, size, bytes, byteStride, to);
      return;
    }
    const { norm, from } = head;
    kernels.lookupSigns(rows, width, linear.depth, ...factors, floats, 4 * width, scratch);
    const parameters = [base + norm.weight, base + norm.bias, norm.eps, base + from, heads] as const;
    kernels.normSigns(rows * heads, size, floats, 4 * size, 0, ...parameters, to, scratch);
  }

  function attend({ kernels, base }: RunContext, window: number, head: number, recorded: boolean): void {
    const words = wordsOf(size);
    const first = window * keys;
    const [bitStride, bitsAt] = [4 * heads * words, 4 * (first * heads + head) * words];
    const bytesAt = first * byteStride + head * size;
    const [keyPanels, valuePanels] = [base + buffers.keyPanels, base + buffers.valuePanels];
    kernels.keyPanels(keys, words, base + buffers.kBits + bitsAt, bitStride, keyPanels);
    kernels.valuePanels(keys, size, base + buffers.values + bytesAt, byteStride, valuePanels);
    const map = 4 * keys ** 2;
    kernels.attend(
      keys,
      size,
      base + buffers.qBits + bitsAt,
      bitStride,
      keyPanels,
      valuePanels,
      exps === null ? 0 : base + exps + 4 * head * (size + 1) ** 2,
      alpha[head] ?? NaN,
      scale[head] ?? NaN,
      Math.sqrt(size),
      bias === null ? 0 : base + bias + ((biasIsShifted ? window : 0) * heads + head) * map,
      base + buffers.bytes + bytesAt,
      byteStride,
      recorded ? base + buffers.record : 0,
      map,
      base + buffers.scratch,
    );
  }

  return {
    run(context) {
      const { kernels, base, observer } = context;
      const [bits, hidden, scratch] = [base + buffers.bits, base + buffers.hiddenBits, base + buffers.scratch];
      const order = tokenOrder === null ? 0 : base + tokenOrder;
      const view = observer.block === undefined ? null : viewBlock(context, spec, buffers);
      const watcher = observer.heads?.block === spec.name ? observer.heads : null;

      normSigns(context, norm1, order);
      observer.mark?.('norm');
      headBits(context, q, base + buffers.qBits);
      headBits(context, k, base + buffers.kBits);
      const toValues = [
        bits,
        base + v.nibbles,
        base + v.parameters,
        base + buffers.values,
        byteStride,
        scratch,
      ] as const;
      kernels.lookupBytes(rows, v.outputs, v.depth, ...toValues);
      observer.mark?.('qkv');
      for (let window = 0; window < windows; window++) {
        for (let head = 0; head < heads; head++) {
          attend(context, window, head, view !== null || watcher !== null);
          view?.head(window, head);
          watcher?.see(headMaps(context, spec, buffers), window, head);
        }
      }
      kernels.packBytes(rows, 1, width, base + buffers.bytes, byteStride, bits);
      observer.mark?.('attention');
      add(context, proj, bits, order);
      observer.mark?.('proj');

      normSigns(context, norm2, 0);
      observer.mark?.('norm');
      const hiddenStride = 4 * wordsOf(fc1.outputs);
      const toHidden = [bits, base + fc1.nibbles, base + fc1.parameters, hidden, hiddenStride, scratch] as const;
      kernels.lookupBits(rows, fc1.outputs, fc1.depth, ...toHidden);
      observer.mark?.('fc1');
      add(context, fc2, hidden, 0);
      observer.mark?.('fc2');
      if (view !== null) observer.block?.(view.finish());
    },
  };
}

function putHeads(arena: Arena, heads: HeadLinear): PackedHeads {
  if (heads.kind === 'plain') return { kind: 'plain', linear: putSigned(arena, heads.linear) };
  const { linear, norm, from } = heads;
  return { kind: 'normed', linear: putScaled(arena, linear), norm: putNorm(arena, norm), from: arena.put(from) };
}

/** One for each head. */
function expTables({ heads, size, scale }: AttentionSpec): Float32Array {
  const entries = (size + 1) ** 2;
  const tables = new Float32Array(heads * entries);
  for (let head = 0; head < heads; head++) tables.set(expTable(size, scale[head] ?? NaN), head * entries);
  return tables;
}
