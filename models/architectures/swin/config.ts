/** The configuration of a Swin Transformer: plain data. */
import type * as z from 'zod/mini';
import type { WindowedLayout } from '@/models/layers/window';
import type { swinSchema } from '@/models/architectures/swin/schema';

export type SwinConfig = Readonly<z.infer<typeof swinSchema>>;

/** One stage: blocks over the same grid of tokens. */
export interface SwinStage {
  readonly depth: number;
  readonly numHeads: number;
  readonly embedDim: number;
  /** Side of the grid, tokens. */
  readonly gridSide: number;
  /** Side of a window: the configured one, or the whole grid where that is smaller. */
  readonly windowSize: number;
}

export function swinStages(config: SwinConfig): readonly SwinStage[] {
  return config.depths.map((depth, stage) => {
    const gridSide = config.imageSize / config.patchSize / 2 ** stage;
    const numHeads = config.numHeads[stage] ?? 1;
    const windowSize = Math.min(config.windowSize, gridSide);
    return { depth, numHeads, embedDim: config.embedDim * 2 ** stage, gridSide, windowSize };
  });
}

/** In every other block of a stage with several windows, these are shifted by half a window. */
export function blockLayout({ gridSide, windowSize }: SwinStage, block: number): WindowedLayout {
  const shift = block % 2 === 1 && gridSide > windowSize ? Math.floor(windowSize / 2) : 0;
  return { classTokens: 0, gridSide, window: { size: windowSize, shift } };
}
