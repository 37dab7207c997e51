/** What a Swin Transformer's configuration holds: plain data. */
import * as z from 'zod/mini';
import { QUANTIZATION_NAMES, type QuantizationName } from '@/models/quantization';
import { epsilon, MAX_PARAMETERS, ratio, size } from '@/models/architectures/sizes';

export interface SwinConfig {
  readonly architecture: 'swin';
  readonly quantization: QuantizationName;
  /** Side of the square input, pixels. */
  readonly imageSize: number;
  /** Side of a square patch, pixels; divides `imageSize`. */
  readonly patchSize: number;
  readonly inChannels: number;
  /** C of the first stage; it doubles with each stage. */
  readonly embedDim: number;
  /** Blocks in each stage. */
  readonly depths: readonly number[];
  /** Heads in each stage. */
  readonly numHeads: readonly number[];
  /** Side of a square window, tokens. */
  readonly windowSize: number;
  readonly mlpRatio: number;
  readonly numClasses: number;
  readonly normEps: number;
}

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

const sizes = (max: number) => z.array(size(max)).check(z.minLength(1), z.maxLength(8));

export const swinSchema = z
  .object({
    architecture: z.literal('swin'),
    quantization: z.enum(QUANTIZATION_NAMES),
    imageSize: size(2048),
    patchSize: size(256),
    inChannels: z._default(size(16), 3),
    embedDim: size(1024),
    depths: sizes(64),
    numHeads: sizes(64),
    // Published ones have 7 or 12; of larger ones the pairs of tokens alone would fill the memory.
    windowSize: size(14),
    mlpRatio: ratio,
    numClasses: size(100_000),
    normEps: epsilon,
  })
  .check(
    z.superRefine((config, context) => {
      const reason = refusal(config);
      if (reason !== null) context.addIssue({ code: 'custom', ...reason });
    }),
  );

type Sizes = Omit<SwinConfig, 'architecture' | 'quantization' | 'normEps'>;

const MAX_PATCHES = 65_536;

function refusal(config: Sizes): { readonly path: string[]; readonly message: string } | null {
  const { imageSize, patchSize, depths, numHeads, windowSize, embedDim, mlpRatio } = config;
  const side = imageSize / patchSize;
  if (!Number.isInteger(side))
    return { path: ['patchSize'], message: `${patchSize} does not divide imageSize ${imageSize}` };
  if (side ** 2 > MAX_PATCHES) return { path: ['patchSize'], message: `more than ${MAX_PATCHES} patches` };
  if (numHeads.length !== depths.length)
    return { path: ['numHeads'], message: `${numHeads.length} stages where depths has ${depths.length}` };
  let parameters = 0;
  for (const [stage, depth] of depths.entries()) {
    const width = embedDim * 2 ** stage;
    const grid = side / 2 ** stage;
    const heads = numHeads[stage] ?? 1;
    if (!Number.isInteger(grid))
      return { path: ['depths'], message: `a grid of ${side} cannot be halved ${stage} times` };
    if (grid % Math.min(windowSize, grid) !== 0)
      return { path: ['windowSize'], message: `${windowSize} does not divide the grid of ${grid}` };
    if (width % heads !== 0) return { path: ['numHeads'], message: `${heads} does not divide the width ${width}` };
    parameters += depth * width ** 2 * (4 + 2 * mlpRatio) + 8 * width ** 2;
  }
  return parameters > MAX_PARAMETERS
    ? { path: ['embedDim'], message: `a model of more than ${MAX_PARAMETERS} parameters` }
    : null;
}

export function swinStages({
  imageSize,
  patchSize,
  embedDim,
  depths,
  numHeads,
  windowSize,
}: Sizes): readonly SwinStage[] {
  return depths.map((depth, stage) => {
    const gridSide = imageSize / patchSize / 2 ** stage;
    return {
      depth,
      numHeads: numHeads[stage] ?? 1,
      embedDim: embedDim * 2 ** stage,
      gridSide,
      windowSize: Math.min(windowSize, gridSide),
    };
  });
}

/** Every other block looks through windows moved by half a window, where there is more than one. In tokens. */
export function windowShift({ gridSide, windowSize }: SwinStage, block: number): number {
  return block % 2 === 1 && gridSide > windowSize ? Math.floor(windowSize / 2) : 0;
}
