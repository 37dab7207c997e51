/**
 * A whole binarized model in the compiled kernels: image by image, tokens updated in place, nothing allocated. Real numbers appear only
 * where the model needs them (the residual stream, norms, both ends); everything else is bits.
 */
import { Arena, type Offset } from '@/lib/kernels/forward/arena';
import { reserveBuffers } from '@/lib/kernels/forward/block-buffers';
import { fusedBlock } from '@/lib/kernels/forward/fused-block';
import { fusedClassifier, fusedEmbedding } from '@/lib/kernels/forward/fused-ends';
import { fusedMerge } from '@/lib/kernels/forward/fused-merge';
import type { ForwardObserver, FusedPart } from '@/lib/kernels/forward/run-context';
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import type { WasmHost } from '@/lib/kernels/kernel-host';
import type { KernelExports } from '@/lib/kernels/wasm-module';

export class FusedForward {
  private readonly arena = new Arena();
  private readonly tokens: Offset;
  private readonly embedding: ReturnType<typeof fusedEmbedding>;
  private readonly parts: readonly FusedPart[];
  private readonly classifier: ReturnType<typeof fusedClassifier>;
  /** Of blocks and classifier: weights, tables, limits. */
  readonly parameterBytes: number;
  readonly classes: number;

  /** Call on the wasm backend; the caller disposes it. @throws RangeError for sizes that the kernels do not support */
  constructor(private readonly spec: ForwardSpec) {
    const { arena } = this;
    const { embed, parts, classify } = spec;
    this.classes = classify.classes;
    this.embedding = fusedEmbedding(arena, embed);
    const blocks = parts.filter((part) => part.kind === 'block');
    const buffers = reserveBuffers(arena, blocks);
    const reserved = arena.bytes;
    this.parts = parts.map((part) =>
      part.kind === 'block' ? fusedBlock(arena, part, buffers) : fusedMerge(arena, part),
    );
    const { tokens, width } = this.embedding;
    this.classifier = fusedClassifier(arena, classify, tokens / 4 ** (parts.length - blocks.length));
    this.parameterBytes = arena.bytes - reserved;
    this.tokens = arena.reserve(4 * tokens * width);
    arena.settle();
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
    const { channels, imageSize } = this.spec.embed;
    const base = this.arena.address(host);
    const context = { kernels, host, base, tokens: base + this.tokens, observer };
    for (let i = 0; i < batch; i++) {
      this.embedding.run(context, images + 4 * i * channels * imageSize ** 2);
      for (const part of this.parts) part.run(context);
      this.classifier.run(context, logits + 4 * i * this.classes);
    }
  }

  dispose(): void {
    this.arena.dispose();
  }
}
