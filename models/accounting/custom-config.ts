/** A DeiT of custom sizes, or a sentence that says why they do not fit. */
import { DEIT_TINY } from '@/models/published';
import type { DeitConfig } from '@/models/architectures/deit/config';

export type CustomSizes = Pick<
  DeitConfig,
  'embedDim' | 'depth' | 'numHeads' | 'patchSize' | 'imageSize' | 'numClasses' | 'mlpRatio' | 'distilled'
>;

type CustomResult =
  | { readonly kind: 'config'; readonly config: DeitConfig }
  /** What does not fit, and what would. */
  | { readonly kind: 'refused'; readonly sentence: string };

type NumericSize = Exclude<keyof CustomSizes, 'distilled'>;

interface Range {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** All but the MLP ratio are whole numbers. */
export const CUSTOM_RANGES: { readonly [Size in NumericSize]: Range } = {
  embedDim: { name: 'Width', min: 8, max: 2048, step: 8 },
  depth: { name: 'Depth', min: 1, max: 48, step: 1 },
  numHeads: { name: 'Heads', min: 1, max: 32, step: 1 },
  imageSize: { name: 'Image size', min: 8, max: 1024, step: 8 },
  patchSize: { name: 'Patch size', min: 1, max: 64, step: 1 },
  numClasses: { name: 'Classes', min: 1, max: 22_000, step: 1 },
  mlpRatio: { name: 'MLP ratio', min: 0.5, max: 8, step: 0.25 },
};
export const CUSTOM_SIZES = Object.keys(CUSTOM_RANGES) as readonly NumericSize[];

export function customConfig(sizes: CustomSizes): CustomResult {
  const { embedDim, numHeads, imageSize, patchSize } = sizes;
  for (const size of CUSTOM_SIZES) {
    const { name, min, max } = CUSTOM_RANGES[size];
    const value = sizes[size];
    if (!(value >= min && value <= max)) return refused(`${name} ${value} is outside ${min} to ${max}.`);
    if (size !== 'mlpRatio' && !Number.isInteger(value)) return refused(`${name} ${value} is not a whole number.`);
  }
  if (imageSize % patchSize !== 0) {
    const near = nearestDivisor(imageSize, patchSize, CUSTOM_RANGES.patchSize.max);
    return refused(
      `Patches of ${patchSize} pixels do not fill an image of ${imageSize}: choose a patch size that divides it, for example ${near}.`,
    );
  }
  if (embedDim % numHeads !== 0) {
    const near = nearestDivisor(embedDim, numHeads, CUSTOM_RANGES.numHeads.max);
    return refused(
      `A width of ${embedDim} cannot be shared among ${numHeads} heads: choose a number of heads that divides it, for example ${near}.`,
    );
  }
  return { kind: 'config', config: { ...DEIT_TINY, ...sizes } };
}

function refused(sentence: string): CustomResult {
  return { kind: 'refused', sentence };
}

/** The divisor of `whole`, up to `max`, nearest to `wanted`. */
function nearestDivisor(whole: number, wanted: number, max: number): number {
  let nearest = 1;
  for (let divisor = 1; divisor <= max; divisor++) {
    if (whole % divisor === 0 && Math.abs(divisor - wanted) < Math.abs(nearest - wanted)) nearest = divisor;
  }
  return nearest;
}
