/** Checks the configuration of a Swin Transformer from a file. */
import * as z from 'zod/mini';
import { commonFields, MAX_PARAMETERS, size } from '@/models/architectures/common-config';

const MAX_PATCHES = 65_536;

const perStage = (max: number) => z.readonly(z.array(size(max)).check(z.minLength(1), z.maxLength(8)));

export const swinSchema = z
  .object({
    architecture: z.literal('swin'),
    ...commonFields,
    /** C of the first stage; it doubles with each stage. */
    embedDim: size(1024),
    /** Blocks in each stage. */
    depths: perStage(64),
    /** Heads in each stage. */
    numHeads: perStage(64),
    /** Side of a square window, tokens. Published models have 7 or 12; the token pairs of much larger ones would fill the memory. */
    windowSize: size(14),
  })
  .check(
    z.superRefine((config, context) => {
      const { imageSize, patchSize, depths, numHeads, windowSize, embedDim, mlpRatio } = config;
      const refuse = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [field], message });
      const side = imageSize / patchSize;
      if (!Number.isInteger(side)) return refuse('patchSize', `${patchSize} does not divide imageSize ${imageSize}`);
      if (side ** 2 > MAX_PATCHES) return refuse('patchSize', `more than ${MAX_PATCHES} patches`);
      if (numHeads.length !== depths.length)
        return refuse('numHeads', `${numHeads.length} stages where depths has ${depths.length}`);
      let parameters = 0;
      for (const [stage, depth] of depths.entries()) {
        const width = embedDim * 2 ** stage;
        const grid = side / 2 ** stage;
        const heads = numHeads[stage] ?? 1;
        if (!Number.isInteger(grid)) return refuse('depths', `a grid of ${side} cannot be halved ${stage} times`);
        if (grid % Math.min(windowSize, grid) !== 0)
          return refuse('windowSize', `${windowSize} does not divide the grid of ${grid}`);
        if (width % heads !== 0) return refuse('numHeads', `${heads} does not divide the width ${width}`);
        parameters += depth * width ** 2 * (4 + 2 * mlpRatio) + 8 * width ** 2;
      }
      if (parameters > MAX_PARAMETERS) refuse('embedDim', `a model of more than ${MAX_PARAMETERS} parameters`);
    }),
  );
