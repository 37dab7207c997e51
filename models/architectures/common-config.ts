/** The fields that every configuration has, and the bounds on what a configuration from a file may ask for. */
// zod/mini: the page carries it, and the full zod weighs several times as much.
import * as z from 'zod/mini';
import { QUANTIZATION_NAMES } from '@/models/quantization';

/** zod would otherwise probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

/** What a browser tab can hold; DeiT-Base has 86 million. */
export const MAX_PARAMETERS = 500_000_000;

/** A whole number from 1. */
export const size = (max: number) => z.int().check(z.gte(1), z.lte(max));

/** Of a LayerNorm. */
export const epsilon = z.number().check(z.gte(1e-12), z.lte(0.1));

export const commonFields = {
  quantization: z.enum(QUANTIZATION_NAMES),
  /** Side of the square input, pixels. */
  imageSize: size(2048),
  /** Side of a square patch, pixels; divides `imageSize`. */
  patchSize: size(256),
  inChannels: z._default(size(16), 3),
  /** The hidden size of an MLP is floor(embedDim * mlpRatio). */
  mlpRatio: z.number().check(z.gte(0.25), z.lte(16)),
  numClasses: size(100_000),
  normEps: epsilon,
};

export type CommonConfig = Readonly<z.infer<z.ZodMiniObject<typeof commonFields>>> & {
  readonly architecture: string;
  readonly embedDim: number;
};
