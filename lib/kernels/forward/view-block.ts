/** What a block let out, copied while it runs: for those who look at attention. */
import type { BlockView } from '@/lib/kernels/forward/run-context';
import type { HeadMaps } from '@/lib/kernels/forward/run-context';
import type { RunContext } from '@/lib/kernels/forward/run-context';
import type { ViewedBlock } from '@/lib/kernels/forward/block-room';
import { wordsOf } from '@/lib/kernels/layout';

export interface BlockViewing {
  /** After a head's attention. */
  head(window: number, head: number): void;
  finish(): BlockView;
}

/** What the last head left behind, without a copy. */
export function headMaps({ host, base }: RunContext, { room, spec }: ViewedBlock): HeadMaps {
  const length = spec.attention.tokens ** 2;
  const map = (i: number) => new Float32Array(host.memory.buffer, base + room.record + 4 * i * length, length);
  return { scores: map(0), attention: map(1), attentionBinary: map(2) };
}

/** Before the block changes its tokens. */
export function viewBlock(at: RunContext, block: ViewedBlock): BlockViewing {
  const { host, base, tokens: address } = at;
  const { rows, width, room, byteStride } = block;
  const { name, attention } = block.spec;
  const { heads, size, tokens, windows } = attention;
  const floatsAt = (at: number, length: number) => new Float32Array(host.memory.buffer, at, length);
  const copyTokens = () => Float32Array.from(floatsAt(address, rows * width));
  const maps = () => new Float32Array(windows * heads * tokens ** 2);
  const view = { scores: maps(), attention: maps(), attentionBinary: maps() };
  const tokensIn = copyTokens();

  /** Signs out of bits or bytes, times alpha: [windows, H, n, D]. */
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

  function fromBits(place: number, alpha: Float32Array): Float32Array {
    const words = wordsOf(size);
    const bits = new Int32Array(host.memory.buffer, base + place, rows * heads * words);
    const wordOf = (row: number, head: number, channel: number) =>
      bits[(row * heads + head) * words + (channel >> 5)] ?? 0;
    return dequantized(alpha, (row, head, channel) => ((wordOf(row, head, channel) >>> (channel & 31)) & 1) === 1);
  }

  return {
    head(window, head) {
      const to = (window * heads + head) * tokens ** 2;
      const { scores, attention: softmaxed, attentionBinary } = headMaps(at, block);
      view.scores.set(scores, to);
      view.attention.set(softmaxed, to);
      view.attentionBinary.set(attentionBinary, to);
    },
    finish() {
      const bytes = new Uint8Array(host.memory.buffer, base + room.values, rows * byteStride);
      const isOne = (row: number, head: number, channel: number) =>
        bytes[row * byteStride + head * size + channel] === 1;
      return {
        name,
        tokensIn,
        qBinary: fromBits(room.qBits, attention.alphaQ),
        kBinary: fromBits(room.kBits, attention.alphaK),
        vBinary: dequantized(attention.alphaV, isOne),
        ...view,
        output: copyTokens(),
      };
    },
  };
}
