/** Checks the configuration of a ViT or DeiT from a file. */
import * as z from 'zod/mini';
import { commonFields, epsilon, MAX_PARAMETERS, size } from '@/models/architectures/common-config';

/** Attention is quadratic in tokens: with more, a trace would not fit in a browser tab. */
const MAX_PATCHES = 4096;

export const deitSchema = z
  .object({
    architecture: z.literal('deit'),
    ...commonFields,
    /** C; divisible by `numHeads`. */
    embedDim: size(4096),
    depth: size(64),
    numHeads: size(64),
    /** Two class tokens and two heads; the output is the mean of both. */
    distilled: z.boolean(),
    /** Epsilon of norm_q and norm_k, where the quantization has them. */
    qkNormEps: z._default(epsilon, 1e-5),
  })
  .check(
    z.superRefine((config, context) => {
      const { imageSize, patchSize, inChannels, embedDim, depth, numHeads, mlpRatio, numClasses } = config;
      const refuse = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [field], message });
      const patches = (imageSize / patchSize) ** 2;
      if (imageSize % patchSize !== 0) refuse('patchSize', `${patchSize} does not divide imageSize ${imageSize}`);
      else if (patches > MAX_PATCHES) refuse('patchSize', `more than ${MAX_PATCHES} patches`);
      if (embedDim % numHeads !== 0) refuse('numHeads', `${numHeads} does not divide embedDim ${embedDim}`);
      const blocks = depth * embedDim * (4 + 2 * mlpRatio);
      const parameters = embedDim * (blocks + 2 * numClasses + patchSize ** 2 * inChannels); // approximately
      if (parameters > MAX_PARAMETERS) refuse('embedDim', `a model of more than ${MAX_PARAMETERS} parameters`);
    }),
  );
