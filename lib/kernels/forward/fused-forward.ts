/**
 * A whole binarized model in the compiled kernels: one image after the other, its tokens in place, nothing allocated. Between two
 * products of bits there are bits; real numbers stand only where the model keeps them (the residual stream, norms, both ends).
 */
import { Arena, type Place } from '@/lib/kernels/forward/arena';
import { FusedBlock, reserveRoom } from '@/lib/kernels/forward/fused-block';
import { FusedMerge } from '@/lib/kernels/forward/fused-merge';
import { FusedClassifier, FusedEmbedding } from '@/lib/kernels/forward/fused-ends';
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import type { WasmHost } from '@/lib/kernels/kernel-host';
import type { KernelExports } from '@/lib/kernels/wasm-module';

/** What a part of the model runs with. */
export interface RunContext {
  readonly kernels: KernelExports;
  readonly host: WasmHost;
  /** Address of the arena. */
  readonly base: number;
  /** Where the tokens of the image at hand are, f32 [N, C]. */
  readonly tokens: number;
  readonly observer: ForwardObserver;
}

/** Who wants to see more than logits. */
export interface ForwardObserver {
  /** A stage has ended. */
  readonly mark?: (stage: ForwardStage) => void;
  /** What a block let out, copies; for each image of a batch in turn. */
  readonly block?: (view: BlockView) => void;
  /** One block's attention, where all else would be copied in vain. */
  readonly heads?: HeadObserver;
}

export interface HeadObserver {
  /** Of this name. */
  readonly block: string;
  /** After each head of each window; what it sees are views, whose numbers are gone with the next call. */
  readonly see: (maps: HeadMaps, window: number, head: number) => void;
}

export interface HeadMaps {
  readonly scores: Float32Array; // [n, n]
  readonly attention: Float32Array; // [n, n]
  readonly attentionBinary: Float32Array; // [n, n]
}

export type ForwardStage = 'embed' | 'norm' | 'qkv' | 'attention' | 'proj' | 'fc1' | 'fc2' | 'merge' | 'classify';

export interface BlockView {
  readonly name: string;
  readonly tokensIn: Float32Array; // [N, C]
  /** Of all windows; dequantized. */
  readonly qBinary: Float32Array; // [windows, H, n, D]
  readonly kBinary: Float32Array; // [windows, H, n, D]
  readonly vBinary: Float32Array; // [windows, H, n, D]
  readonly scores: Float32Array; // [windows, H, n, n]
  readonly attention: Float32Array; // [windows, H, n, n]
  readonly attentionBinary: Float32Array; // [windows, H, n, n]
  readonly output: Float32Array; // [N, C]
}

/** A part of a model in the arena; made once, before the arena is settled. */
export interface FusedPart {
  /** Reads and writes the tokens in place. */
  run(at: RunContext): void;
}

export class FusedForward {
  private readonly arena = new Arena();
  private readonly tokens: Place;
  readonly embedding: FusedEmbedding;
  private readonly parts: readonly FusedPart[];
  private readonly classifier: FusedClassifier;
  /** Of the blocks and the classifier, as they lie here: weights, tables, limits. */
  readonly residentBytes: number;

  /** Made resident on the wasm backend; the caller disposes it. @throws RangeError for sizes that the kernels do not hold */
  constructor(private readonly spec: ForwardSpec) {
    const { arena } = this;
    this.embedding = new FusedEmbedding(arena, spec.embed);
    const room = reserveRoom(
      arena,
      spec.parts.filter((part) => part.kind === 'block'),
    );
    const reserved = arena.bytes;
    this.parts = spec.parts.map((part) =>
      part.kind === 'block' ? new FusedBlock(arena, part, room) : new FusedMerge(arena, part),
    );
    this.classifier = new FusedClassifier(arena, spec.classify, this.embedding.tokens, spec.parts);
    this.residentBytes = arena.bytes - reserved;
    this.tokens = arena.reserve(4 * this.embedding.tokens * this.embedding.width);
    arena.settle();
  }

  get classes(): number {
    return this.spec.classify.classes;
  }

  get imageValues(): number {
    const { channels, imageSize } = this.spec.embed;
    return channels * imageSize ** 2;
  }

  /**
   * @param images address of f32 [batch, channels, size, size]
   * @param logits address of f32 [batch, classes]
   */
  run(
    host: WasmHost,
    kernels: KernelExports,
    images: number,
    batch: number,
    logits: number,
    observer: ForwardObserver,
  ): void {
    const base = this.arena.address(host);
    for (let i = 0; i < batch; i++) {
      const at = { kernels, host, base, tokens: base + this.tokens, observer };
      this.embedding.run(at, images + 4 * i * this.imageValues);
      for (const part of this.parts) part.run(at);
      this.classifier.run(at, logits + 4 * i * this.classes);
    }
  }

  dispose(): void {
    this.arena.dispose();
  }
}
