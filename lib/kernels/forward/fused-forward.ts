/**
 * A whole binarized model in the compiled kernels: one image after the other, its tokens in place, nothing allocated. Between two
 * products of bits there are bits; real numbers stand only where the model keeps them (the residual stream, norms, both ends).
 */
import { Arena, type Place } from '@/lib/kernels/forward/arena';
import { FusedBlock, reserveRoom } from '@/lib/kernels/forward/fused-block';
import { FusedMerge } from '@/lib/kernels/forward/fused-merge';
import { FusedClassifier, FusedEmbedding } from '@/lib/kernels/forward/fused-ends';
import type { ForwardObserver, FusedPart } from '@/lib/kernels/forward/run-context';
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import type { WasmHost } from '@/lib/kernels/kernel-host';
import type { KernelExports } from '@/lib/kernels/wasm-module';

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
