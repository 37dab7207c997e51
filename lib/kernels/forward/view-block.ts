/** Copies what a block computes while it runs. */
import { blockSize, type BlockBuffers } from '@/lib/kernels/forward/block-buffers';
import type { BlockView, HeadMaps, RunContext } from '@/lib/kernels/forward/run-context';
import type { BlockSpec } from '@/lib/kernels/forward/spec';
import { wordsOf } from '@/lib/kernels/layout';

/** Views of what the last head computed. */
export function headMaps({ host, base }: RunContext, { attention }: BlockSpec, { record }: BlockBuffers): HeadMaps {
  const length = attention.tokens ** 2;
  const map = (i: number) => new Float32Array(host.memory.buffer, base + record + 4 * i * length, length);
  return { scores: map(0), attention: map(1), attentionBinary: map(2) };
}

/** Call before the block runs, `head` after each head and `finish` at the end. */
export function viewBlock(context: RunContext, spec: BlockSpec, buffers: BlockBuffers) {
  const { host, base, tokens: address } = context;
  const { rows, width, byteStride } = blockSize(spec);
  const { heads, size, tokens, windows, alphaQ, alphaK, alphaV } = spec.attention;
  const copyTokens = () => new Float32Array(host.memory.buffer, address, rows * width).slice();
  const maps = () => new Float32Array(windows * heads * tokens ** 2);
  const view = { scores: maps(), attention: maps(), attentionBinary: maps() };
  const tokensIn = copyTokens();

  /** Signs times alpha: [windows, H, n, D]. */
  function dequantized(alpha: Float32Array, isOne: (row: number, head: number, channel: number) => boolean) {
    return Float32Array.from({ length: rows * width }, (_, i) => {
      const channel = i % size;
      const token = Math.floor(i / size) % tokens;
      const group = Math.floor(i / (size * tokens));
      const head = group % heads;
      const row = Math.floor(group / heads) * tokens + token;
      const scale = alpha[head] ?? NaN;
      return isOne(row, head, channel) ? scale : -scale;
    });
  }

  function fromBits(offset: number, alpha: Float32Array): Float32Array {
    const words = wordsOf(size);
    const bits = new Int32Array(host.memory.buffer, base + offset, rows * heads * words);
    const wordOf = (row: number, head: number, channel: number) =>
      bits[(row * heads + head) * words + (channel >> 5)] ?? 0;
    return dequantized(alpha, (row, head, channel) => ((wordOf(row, head, channel) >>> (channel & 31)) & 1) === 1);
  }

  return {
    head(window: number, head: number): void {
      const to = (window * heads + head) * tokens ** 2;
      const { scores, attention, attentionBinary } = headMaps(context, spec, buffers);
      view.scores.set(scores, to);
      view.attention.set(attention, to);
      view.attentionBinary.set(attentionBinary, to);
    },
    finish(): BlockView {
      const bytes = new Uint8Array(host.memory.buffer, base + buffers.values, rows * byteStride);
      return {
        name: spec.name,
        tokensIn,
        qBinary: fromBits(buffers.qBits, alphaQ),
        kBinary: fromBits(buffers.kBits, alphaK),
        vBinary: dequantized(alphaV, (row, head, channel) => bytes[row * byteStride + head * size + channel] === 1),
        ...view,
        output: copyTokens(),
      };
    },
  };
}
