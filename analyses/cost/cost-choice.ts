/**
 * What is chosen in the tab of costs, and the configuration that it comes to. Sizes that do not fit together are remembered as typed; the
 * account stays at the last ones that did.
 */
import { distilledForm, opsOf } from '@/models/architectures/configs';
import { ARCHITECTURE_IDS, ARCHITECTURES, DEIT_TINY, type ArchitectureId } from '@/models/published';
import { customConfig, type CustomSizes } from '@/models/accounting/custom-config';
import { ALL_REAL, AS_IN_THE_CODE, COST_PARTS, type CostPart, type PartBits } from '@/lib/accounting/precision';
import type { ModelConfig } from '@/models/config';
import type { DeitConfig } from '@/models/architectures/deit/config';
import type { ModelFamily } from '@/models/families/family';

/** `family`: the one on screen. */
export const CHOICES = ['family', ...ARCHITECTURE_IDS, 'custom'] as const;
export type ChoiceId = 'family' | ArchitectureId | 'custom';

/** What of the family on screen is counted. */
export type CostFamily = Pick<ModelFamily, 'name' | 'config'>;

export interface CostChoice {
  readonly architecture: ChoiceId;
  /** Of the DeiTs: a distillation token beside the class token, and a head for it. */
  readonly distilled: boolean;
  readonly bits: PartBits;
  /** Of the custom one, as they stand in the fields. */
  readonly sizes: CustomSizes;
  /** The last of them that fit together. */
  readonly fitting: DeitConfig;
}

/** The paper's own: DeiT-Tiny with both tokens, binary where the released code is. */
export const FIRST_CHOICE: CostChoice = {
  architecture: 'deit_tiny',
  distilled: true,
  bits: AS_IN_THE_CODE,
  sizes: DEIT_TINY,
  fitting: DEIT_TINY,
};

export function chosenConfig(choice: CostChoice, family: CostFamily): ModelConfig {
  const { architecture, distilled, fitting } = choice;
  if (architecture === 'family') return family.config;
  const config = architecture === 'custom' ? fitting : ARCHITECTURES[architecture].config;
  return distilled && mayBeDistilled(architecture) ? (distilledForm(config) ?? config) : config;
}

/** Why the custom sizes come to no model, as a sentence; `null` where they do, or where none are chosen. */
export function refusalOf({ architecture, sizes }: CostChoice): string | null {
  if (architecture !== 'custom') return null;
  const result = customConfig(sizes);
  return result.kind === 'refused' ? result.sentence : null;
}

/** The custom one starts from the DeiT that was chosen before it. */
export function withArchitecture(choice: CostChoice, architecture: ChoiceId, family: CostFamily): CostChoice {
  const before = chosenConfig(choice, family);
  const starts = architecture === 'custom' && choice.architecture !== 'custom' && before.architecture === 'deit';
  if (!starts) return { ...choice, architecture };
  return withSizes({ ...choice, architecture }, { ...before, distilled: false });
}

export function withSizes(choice: CostChoice, change: Partial<CustomSizes>): CostChoice {
  const { embedDim, depth, numHeads, imageSize, patchSize, numClasses, mlpRatio } = { ...choice.sizes, ...change };
  const sizes = { embedDim, depth, numHeads, imageSize, patchSize, numClasses, mlpRatio, distilled: false };
  const result = customConfig(sizes);
  return { ...choice, sizes, fitting: result.kind === 'config' ? result.config : choice.fitting };
}

/** The family on screen has the tokens that it has, and Swin has none. */
export function mayBeDistilled(architecture: ChoiceId): boolean {
  if (architecture === 'custom' || architecture === 'family') return architecture === 'custom';
  return distilledForm(ARCHITECTURES[architecture].config) !== null;
}

export function nameOf(architecture: ChoiceId, family: CostFamily): string {
  switch (architecture) {
    case 'family':
      return family.name;
    case 'custom':
      return 'Custom';
    default:
      return ARCHITECTURES[architecture].name;
  }
}

/** The parts that an architecture has. */
export function partsOf(config: ModelConfig): readonly CostPart[] {
  const present = new Set(opsOf(config, ALL_REAL).map(({ part }) => part));
  return COST_PARTS.filter((part) => present.has(part));
}

/** Whether two settings are the same for an architecture with these parts. */
export function isSameFor(parts: readonly CostPart[], a: PartBits, b: PartBits): boolean {
  return parts.every((part) => a[part] === b[part]);
}
