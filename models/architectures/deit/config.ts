/** What a ViT's or DeiT's configuration holds: plain data. */
import * as z from 'zod/mini';
import { epsilon, MAX_PARAMETERS, ratio, size } from '@/models/architectures/sizes';
import { QUANTIZATION_NAMES, type QuantizationName } from '@/models/quantization';

export interface DeitConfig {
  readonly architecture: 'deit';
  readonly quantization: QuantizationName;
  /** Side of the square input, pixels. */
  readonly imageSize: number;
  /** Side of a square patch, pixels; divides `imageSize`. */
  readonly patchSize: number;
  readonly inChannels: number;
  /** C; divisible by `numHeads`. */
  readonly embedDim: number;
  readonly depth: number;
  readonly numHeads: number;
  /** Hidden size of the MLP is floor(embedDim * mlpRatio). */
  readonly mlpRatio: number;
  readonly numClasses: number;
  /** Two class tokens and two heads, whose mean is the output. */
  readonly distilled: boolean;
  readonly normEps: number;
  /** Epsilon of norm_q and norm_k, where the quantization has them. */
  readonly qkNormEps: number;
}

/** Attention is quadratic in tokens: beyond this a trace would not fit a browser tab. */
const MAX_PATCHES = 4096;

export const deitSchema = z
  .object({
    architecture: z.literal('deit'),
    quantization: z.enum(QUANTIZATION_NAMES),
    imageSize: size(2048),
    patchSize: size(256),
    inChannels: z._default(size(16), 3),
    embedDim: size(4096),
    depth: size(64),
    numHeads: size(64),
    mlpRatio: ratio,
    numClasses: size(100_000),
    distilled: z.boolean(),
    normEps: epsilon,
    qkNormEps: z._default(epsilon, 1e-5),
  })
  .check(
    z.superRefine((config, context) => {
      const refuse = (path: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [path], message });
      if (config.imageSize % config.patchSize !== 0) {
        refuse('patchSize', `${config.patchSize} does not divide imageSize ${config.imageSize}`);
      } else if ((config.imageSize / config.patchSize) ** 2 > MAX_PATCHES) {
        refuse('patchSize', `more than ${MAX_PATCHES} patches`);
      }
      if (config.embedDim % config.numHeads !== 0) {
        refuse('numHeads', `${config.numHeads} does not divide embedDim ${config.embedDim}`);
      }
      if (approximateParameters(config) > MAX_PARAMETERS) {
        refuse('embedDim', `a model of more than ${MAX_PARAMETERS} parameters`);
      }
    }),
  );

/** Patches and class tokens: N. */
export function numTokens(config: DeitConfig): number {
  return (config.imageSize / config.patchSize) ** 2 + numClassTokens(config);
}

/** 1 (cls), or 2 (cls, dist). */
export function numClassTokens(config: DeitConfig): number {
  return config.distilled ? 2 : 1;
}

/** D = C / H. */
export function headSize(config: DeitConfig): number {
  return config.embedDim / config.numHeads;
}

function approximateParameters(config: {
  readonly embedDim: number;
  readonly depth: number;
  readonly mlpRatio: number;
  readonly numClasses: number;
  readonly patchSize: number;
  readonly inChannels: number;
}): number {
  const { embedDim, depth, mlpRatio, numClasses, patchSize, inChannels } = config;
  return embedDim * (depth * embedDim * (4 + 2 * mlpRatio) + 2 * numClasses + patchSize ** 2 * inChannels);
}
