/** The real-valued ends: pixels to tokens, tokens to logits. */
import type { Arena } from '@/lib/kernels/forward/arena';
import { putDense, putNorm } from '@/lib/kernels/forward/packed-parameters';
import type { RunContext } from '@/lib/kernels/forward/run-context';
import type { ClassifySpec, EmbedSpec } from '@/lib/kernels/forward/spec';

/** @returns `run`, whose `image` is the address of f32 [channels, size, size] */
export function fusedEmbedding(arena: Arena, spec: EmbedSpec) {
  const { channels, imageSize, patchSize } = spec;
  const rows = (imageSize / patchSize) ** 2;
  const { outputs: width, depth, panels, bias } = putDense(arena, spec.weight, spec.bias);
  const first = arena.put(spec.first);
  const positions = spec.positions && arena.put(spec.positions);
  const norm = spec.norm && putNorm(arena, spec.norm);
  const [patchSpace, scratchSpace] = [arena.reserve(4 * rows * depth), arena.reserve(64)];
  return {
    tokens: spec.first.length / width + rows,
    width,
    run({ kernels, base, tokens, observer }: RunContext, image: number): void {
      const [patches, scratch] = [base + patchSpace, base + scratchSpace];
      kernels.patchRows(channels, imageSize, patchSize, image, patches);
      kernels.copyBytes(base + first, spec.first.byteLength, tokens);
      const y = tokens + spec.first.byteLength;
      const added = positions === null ? 0 : base + positions;
      kernels.dense(rows, width, depth, patches, 4 * depth, base + panels, base + bias, added, y, scratch);
      if (norm !== null) {
        kernels.normRows(rows, width, y, 4 * width, base + norm.weight, base + norm.bias, norm.eps, y, scratch);
      }
      observer.mark?.('embed');
    },
  };
}

/**
 * @param count tokens that reach the classifier
 * @returns `run`, whose `logits` is the address of f32 [classes]
 */
export function fusedClassifier(arena: Arena, spec: ClassifySpec, count: number) {
  const { pooled, classes } = spec;
  const width = spec.norm.weight.length;
  const norm = putNorm(arena, spec.norm);
  const heads = spec.heads.map(({ weight, bias }) => putDense(arena, weight, bias));
  const rows = pooled ? count : heads.length;
  const normedSpace = arena.reserve(4 * width * (pooled ? rows + 1 : rows));
  const [voteSpace, scratchSpace] = [arena.reserve(4 * heads.length * classes), arena.reserve(64)];
  return {
    run({ kernels, base, tokens, observer }: RunContext, logits: number): void {
      const [normed, scratch, stride] = [base + normedSpace, base + scratchSpace, 4 * width];
      kernels.normRows(rows, width, tokens, stride, base + norm.weight, base + norm.bias, norm.eps, normed, scratch);
      const mean = normed + rows * stride;
      if (pooled) kernels.meanRows(rows, width, normed, mean);
      const votes = heads.length === 1 ? logits : base + voteSpace;
      heads.forEach(({ outputs, depth, panels, bias }, i) => {
        const from = pooled ? mean : normed + i * stride;
        kernels.dense(1, outputs, depth, from, stride, base + panels, base + bias, 0, votes + 4 * i * classes, scratch);
      });
      if (heads.length > 1) kernels.meanRows(heads.length, classes, votes, logits);
      observer.mark?.('classify');
    },
  };
}
