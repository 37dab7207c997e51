/** The configuration of a ViT or DeiT: plain data. */
import type * as z from 'zod/mini';
import type { AttentionLayout } from '@/lib/math/attention-layout';
import type { deitSchema } from '@/models/architectures/deit/schema';

export type DeitConfig = Readonly<z.infer<typeof deitSchema>>;

/** 1 (cls), or 2 (cls, dist). */
export function numClassTokens({ distilled }: Pick<DeitConfig, 'distilled'>): number {
  return distilled ? 2 : 1;
}

/** Class tokens and patches: N. */
export function numTokens(config: DeitConfig): number {
  return numClassTokens(config) + (config.imageSize / config.patchSize) ** 2;
}

/** Every token attends to every other. */
export function deitLayout(config: DeitConfig): AttentionLayout {
  return { classTokens: numClassTokens(config), gridSide: config.imageSize / config.patchSize, window: null };
}
