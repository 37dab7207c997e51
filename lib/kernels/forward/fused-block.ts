/** One block: x += proj(attention(norm1(x))), x += fc2(GELU(fc1(norm2(x)))), between its products in bits. */
import type { Arena, Place } from '@/lib/kernels/forward/arena';
import { ROOMS, type BlockRoom } from '@/lib/kernels/forward/block-room';
import type { FusedPart } from '@/lib/kernels/forward/run-context';
import type { RunContext } from '@/lib/kernels/forward/run-context';
import {
  expTable,
  putNorm,
  putScaled,
  putSigned,
  type ResidentLinear,
  type ResidentNorm,
} from '@/lib/kernels/forward/loaded-model';
import type { AttentionSpec, BlockSpec, HeadLinear } from '@/lib/kernels/forward/spec';
import { headMaps, viewBlock } from '@/lib/kernels/forward/view-block';
import { NIBBLE_OUTPUTS, wordsOf } from '@/lib/kernels/layout';

/** What the linears and the attention write beside their results, at most, before what grows with the sizes. */
const FIXED_SCRATCH = 1200;
/** Counts stay in bytes. */
const MAX_HEAD_SIZE = 224;

type ResidentHeads =
  | { readonly kind: 'normed'; readonly linear: ResidentLinear; readonly norm: ResidentNorm; readonly from: Place }
  | { readonly kind: 'plain'; readonly linear: ResidentLinear };

/** Room for the largest of several blocks. */
export function reserveRoom(arena: Arena, blocks: readonly BlockSpec[]): BlockRoom {
  const needs = blocks.map(bytesNeeded);
  const places = ROOMS.map((name) => [name, arena.reserve(Math.max(0, ...needs.map((need) => need[name])))]);
  return Object.fromEntries(places) as BlockRoom;
}

function bytesNeeded({ attention, fc1 }: BlockSpec): { readonly [Name in keyof BlockRoom]: number } {
  const { heads, size, tokens, windows } = attention;
  const rows = windows * tokens;
  const width = heads * size;
  const headBits = 4 * rows * heads * wordsOf(size);
  const bytes = rows * panelled(width);
  return {
    bits: 4 * rows * wordsOf(width),
    hiddenBits: 4 * rows * wordsOf(fc1.outputs),
    floats: 4 * rows * width,
    qBits: headBits,
    kBits: headBits,
    bytes,
    values: bytes,
    keyPanels: panelled(tokens) * 8 * wordsOf(size),
    valuePanels: panelled(size) * 8 * wordsOf(tokens),
    scratch:
      FIXED_SCRATCH + 3 * panelled(tokens) + 8 * (tokens + 3) + 16 * wordsOf(Math.max(width, fc1.outputs, tokens)),
    record: 12 * tokens * tokens,
  };
}

function panelled(outputs: number): number {
  return Math.ceil(outputs / NIBBLE_OUTPUTS) * NIBBLE_OUTPUTS;
}

export class FusedBlock implements FusedPart {
  readonly rows: number;
  readonly width: number;
  /** Bytes from row to row of what is a byte each: whole panels. */
  readonly byteStride: number;
  private readonly norm1: ResidentNorm;
  private readonly norm2: ResidentNorm;
  private readonly q: ResidentHeads;
  private readonly k: ResidentHeads;
  private readonly v: ResidentLinear;
  private readonly proj: ResidentLinear;
  private readonly fc1: ResidentLinear;
  private readonly fc2: ResidentLinear;
  private readonly order: Place | null;
  private readonly exps: Place | null;
  private readonly bias: Place | null;
  private readonly zero: Place;

  /** @throws RangeError for heads of more than 224 channels */
  constructor(
    arena: Arena,
    readonly spec: BlockSpec,
    readonly room: BlockRoom,
  ) {
    const { attention } = spec;
    if (attention.size > MAX_HEAD_SIZE) {
      throw new RangeError(`A head has at most ${MAX_HEAD_SIZE} channels, got ${attention.size}.`);
    }
    this.rows = attention.windows * attention.tokens;
    this.width = attention.heads * attention.size;
    this.byteStride = panelled(this.width);
    this.norm1 = putNorm(arena, spec.norm1);
    this.norm2 = putNorm(arena, spec.norm2);
    this.q = putHeads(arena, attention.q);
    this.k = putHeads(arena, attention.k);
    this.v = putSigned(arena, attention.v);
    this.proj = putScaled(arena, attention.proj);
    this.fc1 = putSigned(arena, spec.fc1);
    this.fc2 = putScaled(arena, spec.fc2);
    this.order = attention.order && arena.put(attention.order);
    this.exps = attention.bias === null ? arena.put(expTables(attention)) : null;
    this.bias = attention.bias && arena.put(attention.bias);
    this.zero = arena.put(Float32Array.of(0));
  }

  run(at: RunContext): void {
    const { kernels, base, observer } = at;
    const { rows, width, room } = this;
    const [bits, scratch] = [base + room.bits, base + room.scratch];
    const order = this.order === null ? 0 : base + this.order;
    const view = observer.block === undefined ? null : viewBlock(at, this);
    const looking = observer.heads?.block === this.spec.name ? observer.heads : null;

    this.normSigns(at, this.norm1, order);
    observer.mark?.('norm');
    this.headBits(at, this.q, room.qBits);
    this.headBits(at, this.k, room.kBits);
    const { v } = this;
    const values = base + room.values;
    const toV = [bits, base + v.nibbles, base + v.parameters, values, this.byteStride, scratch] as const;
    kernels.lookupBytes(rows, v.outputs, v.depth, ...toV);
    observer.mark?.('qkv');
    for (let window = 0; window < this.spec.attention.windows; window++) {
      for (let head = 0; head < this.spec.attention.heads; head++) {
        this.attend(at, window, head, view !== null || looking !== null);
        view?.head(window, head);
        looking?.see(headMaps(at, this), window, head);
      }
    }
    kernels.packBytes(rows, 1, width, base + room.bytes, this.byteStride, bits);
    observer.mark?.('attention');
    this.add(at, this.proj, bits, order);
    observer.mark?.('proj');

    this.normSigns(at, this.norm2, 0);
    observer.mark?.('norm');
    const { fc1 } = this;
    const hidden = base + room.hiddenBits;
    const hiddenStride = 4 * wordsOf(fc1.outputs);
    const toHidden = [bits, base + fc1.nibbles, base + fc1.parameters, hidden, hiddenStride, scratch] as const;
    kernels.lookupBits(rows, fc1.outputs, fc1.depth, ...toHidden);
    observer.mark?.('fc1');
    this.add(at, this.fc2, hidden, 0);
    observer.mark?.('fc2');
    if (view !== null) observer.block?.(view.finish());
  }

  private normSigns({ kernels, base, tokens }: RunContext, { weight, bias, eps }: ResidentNorm, order: number): void {
    const { rows, width, room } = this;
    const [from, out, scratch] = [base + this.zero, base + room.bits, base + room.scratch];
    const parameters = [base + weight, base + bias, eps, from, 1] as const;
    kernels.normSigns(rows, width, tokens, 4 * width, order, ...parameters, out, scratch);
  }

  /** bits -> tokens += linear */
  private add({ kernels, base, tokens }: RunContext, linear: ResidentLinear, bits: number, order: number): void {
    const { outputs, depth, nibbles, parameters } = linear;
    const factors = [bits, base + nibbles, base + parameters] as const;
    kernels.lookupAdd(this.rows, outputs, depth, ...factors, tokens, 4 * this.width, order, base + this.room.scratch);
  }

  /** bits -> bits [rows, H, ceil(D / 32)] */
  private headBits({ kernels, base }: RunContext, heads: ResidentHeads, to: Place): void {
    const { rows, width, room, byteStride } = this;
    const { heads: count, size } = this.spec.attention;
    const { depth, nibbles, parameters } = heads.linear;
    const factors = [base + room.bits, base + nibbles, base + parameters] as const;
    const scratch = base + room.scratch;
    if (heads.kind === 'plain') {
      kernels.lookupBytes(rows, width, depth, ...factors, base + room.bytes, byteStride, scratch);
      kernels.packBytes(rows, count, size, base + room.bytes, byteStride, base + to);
      return;
    }
    const { weight, bias, eps } = heads.norm;
    const floats = base + room.floats;
    kernels.lookupSigns(rows, width, depth, ...factors, floats, 4 * width, scratch);
    const norm = [base + weight, base + bias, eps, base + heads.from, count] as const;
    kernels.normSigns(rows * count, size, floats, 4 * size, 0, ...norm, base + to, scratch);
  }

  private attend({ kernels, base }: RunContext, window: number, head: number, recorded: boolean): void {
    const { room, byteStride } = this;
    const { heads, size, tokens, alpha, scale, bias } = this.spec.attention;
    const words = wordsOf(size);
    const first = window * tokens;
    const [bitStride, bitsAt] = [4 * heads * words, 4 * (first * heads + head) * words];
    const bytesAt = first * byteStride + head * size;
    const [keys, values] = [base + room.keyPanels, base + room.valuePanels];
    kernels.keyPanels(tokens, words, base + room.kBits + bitsAt, bitStride, keys);
    kernels.valuePanels(tokens, size, base + room.values + bytesAt, byteStride, values);
    const exps = this.exps === null ? 0 : base + this.exps + 4 * head * (size + 1) ** 2;
    const map = 4 * tokens ** 2;
    const shifted = bias !== null && bias.byteLength > heads * map;
    const added = this.bias === null ? 0 : base + this.bias + ((shifted ? window : 0) * heads + head) * map;
    kernels.attend(
      tokens,
      size,
      base + room.qBits + bitsAt,
      bitStride,
      keys,
      values,
      exps,
      alpha[head] ?? NaN,
      scale[head] ?? NaN,
      Math.sqrt(size),
      added,
      base + room.bytes + bytesAt,
      byteStride,
      recorded ? base + room.record : 0,
      map,
      base + room.scratch,
    );
  }
}

function putHeads(arena: Arena, heads: HeadLinear): ResidentHeads {
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
