/** The real-valued ends: pixels to tokens, tokens to logits. */
import type { Arena, Place } from '@/lib/kernels/forward/arena';
import type { RunContext } from '@/lib/kernels/forward/run-context';
import { putDense, putNorm, type ResidentDense, type ResidentNorm } from '@/lib/kernels/forward/loaded-model';
import type { BlockSpec, ClassifySpec, EmbedSpec, MergeSpec } from '@/lib/kernels/forward/spec';

export class FusedEmbedding {
  readonly tokens: number;
  readonly width: number;
  private readonly projection: ResidentDense;
  private readonly first: Place;
  private readonly positions: Place | null;
  private readonly norm: ResidentNorm | null;
  private readonly patches: Place;
  private readonly scratch: Place;

  constructor(
    arena: Arena,
    private readonly spec: EmbedSpec,
  ) {
    this.width = spec.bias.length;
    this.tokens = spec.first.length / this.width + this.patchCount;
    this.projection = putDense(arena, spec.weight, spec.bias);
    this.first = arena.put(spec.first);
    this.positions = spec.positions && arena.put(spec.positions);
    this.norm = spec.norm && putNorm(arena, spec.norm);
    this.patches = arena.reserve(4 * this.patchCount * this.projection.depth);
    this.scratch = arena.reserve(64);
  }

  get channels(): number {
    return this.spec.channels;
  }

  get imageSize(): number {
    return this.spec.imageSize;
  }

  private get patchCount(): number {
    return (this.spec.imageSize / this.spec.patchSize) ** 2;
  }

  /** @param image address of f32 [channels, size, size] */
  run({ kernels, base, tokens, observer }: RunContext, image: number): void {
    const { channels, imageSize, patchSize, first } = this.spec;
    const { outputs, depth, panels, bias } = this.projection;
    const patches = base + this.patches;
    kernels.patchRows(channels, imageSize, patchSize, image, patches);
    kernels.copyBytes(base + this.first, first.byteLength, tokens);
    const after = tokens + first.byteLength;
    const more = this.positions === null ? 0 : base + this.positions;
    const rows = this.patchCount;
    kernels.dense(
      rows,
      outputs,
      depth,
      patches,
      4 * depth,
      base + panels,
      base + bias,
      more,
      after,
      base + this.scratch,
    );
    if (this.norm !== null) {
      const { weight, bias: shift, eps } = this.norm;
      const stride = 4 * this.width;
      kernels.normRows(rows, this.width, after, stride, base + weight, base + shift, eps, after, base + this.scratch);
    }
    observer.mark?.('embed');
  }
}

export class FusedClassifier {
  private readonly width: number;
  /** Tokens that are there at the end. */
  private readonly tokens: number;
  private readonly norm: ResidentNorm;
  private readonly heads: readonly ResidentDense[];
  private readonly normed: Place;
  private readonly votes: Place;
  private readonly scratch: Place;

  /** @param embedded tokens that the embedding makes */
  constructor(
    arena: Arena,
    private readonly spec: ClassifySpec,
    embedded: number,
    parts: readonly (BlockSpec | MergeSpec)[],
  ) {
    this.width = spec.norm.weight.length;
    this.tokens = parts.reduce((tokens, { kind }) => (kind === 'merge' ? tokens / 4 : tokens), embedded);
    this.norm = putNorm(arena, spec.norm);
    this.heads = spec.heads.map(({ weight, bias }) => putDense(arena, weight, bias));
    this.normed = arena.reserve(4 * this.width * (spec.pooled ? this.tokens + 1 : spec.heads.length));
    this.votes = arena.reserve(4 * spec.heads.length * spec.classes);
    this.scratch = arena.reserve(64);
  }

  /** @param logits address of f32 [classes] */
  run({ kernels, base, tokens, observer }: RunContext, logits: number): void {
    const { width, heads, norm } = this;
    const { classes, pooled } = this.spec;
    const rows = pooled ? this.tokens : heads.length;
    const [normed, scratch, stride] = [base + this.normed, base + this.scratch, 4 * width];
    kernels.normRows(rows, width, tokens, stride, base + norm.weight, base + norm.bias, norm.eps, normed, scratch);
    const mean = normed + rows * stride;
    if (pooled) kernels.meanRows(rows, width, normed, mean);
    const votes = heads.length === 1 ? logits : base + this.votes;
    heads.forEach(({ outputs, depth, panels, bias }, i) => {
      const from = pooled ? mean : normed + i * stride;
      kernels.dense(1, outputs, depth, from, stride, base + panels, base + bias, 0, votes + 4 * i * classes, scratch);
    });
    if (heads.length > 1) kernels.meanRows(heads.length, classes, votes, logits);
    observer.mark?.('classify');
  }
}
