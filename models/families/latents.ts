/**
 * Histograms of the students' latent weights: what stood behind the shipped signs at the end of training. The app ships bits and
 * row scales only; `models/training/fashion_mnist/latents.py` says how these came to be.
 */
import * as z from 'zod/mini';

export const BLOCK_LINEARS = ['qkv', 'proj', 'fc1', 'fc2'] as const;
export type BlockLinear = (typeof BLOCK_LINEARS)[number];

const count = z.int().check(z.gte(0));
const share = z.number().check(z.gte(0), z.lte(1));

const weightsSchema = z
  .object({
    /** The bins lie evenly between -limit and limit; nothing lies outside. */
    limit: z.number().check(z.positive()),
    counts: z.array(count).check(z.minLength(1), z.maxLength(1000)),
    count: z.int().check(z.positive()),
    /** Share with |W| <= 1. */
    insideShare: share,
    meanAbs: z.number().check(z.positive()),
  })
  .check(
    z.refine(
      ({ counts, count: total }) => counts.reduce((sum, each) => sum + each, 0) === total,
      'counts do not add up',
    ),
  );

const studentSchema = z.object({
  /** Of the shipped checkpoint: by it a model is known to be the one whose latents these are. */
  headBias: z.array(z.number()),
  blocks: z.array(z.record(z.enum(BLOCK_LINEARS), weightsSchema)),
});

const latentsSchema = z.object({
  seed: z.int(),
  recipe: z.object({ path: z.string(), commit: z.string() }),
  students: z.record(z.string(), studentSchema),
});

export type Latents = z.infer<typeof latentsSchema>;
export type LatentWeights = z.infer<typeof weightsSchema>;

/** @throws Error when the text is not such a file */
export function parseLatents(text: string): Latents {
  return latentsSchema.parse(JSON.parse(text));
}
