/** Configurations of published models. */
import type { ModelConfig } from '@/models/architectures/configs';
import type { DeitConfig } from '@/models/architectures/deit/config';
import type { SwinConfig } from '@/models/architectures/swin/config';

export const ARCHITECTURE_IDS = ['deit_tiny', 'deit_small', 'deit_base', 'swin_tiny', 'swin_small'] as const;
export type ArchitectureId = (typeof ARCHITECTURE_IDS)[number];

const DEIT: Omit<DeitConfig, 'embedDim' | 'numHeads'> = {
  architecture: 'deit',
  quantization: 'bi-vit',
  imageSize: 224,
  patchSize: 16,
  inChannels: 3,
  depth: 12,
  mlpRatio: 4,
  numClasses: 1000,
  distilled: false,
  normEps: 1e-6,
  qkNormEps: 1e-5,
};

const SWIN: Omit<SwinConfig, 'depths'> = {
  architecture: 'swin',
  quantization: 'bi-vit',
  imageSize: 224,
  patchSize: 4,
  inChannels: 3,
  embedDim: 96,
  numHeads: [3, 6, 12, 24],
  windowSize: 7,
  mlpRatio: 4,
  numClasses: 1000,
  normEps: 1e-5,
};

export const DEIT_TINY: DeitConfig = { ...DEIT, embedDim: 192, numHeads: 3 };

/**
 * With the quantization of the binary form. DeiTs have one class token; `distilledForm` gives the other form.
 *
 * Source: Touvron et al., arXiv 2012.12877 (DeiT); Liu et al., arXiv 2103.14030 (Swin).
 */
export const ARCHITECTURES: {
  readonly [Id in ArchitectureId]: { readonly name: string; readonly config: ModelConfig };
} = {
  deit_tiny: { name: 'DeiT-Tiny', config: DEIT_TINY },
  deit_small: { name: 'DeiT-Small', config: { ...DEIT, embedDim: 384, numHeads: 6 } },
  deit_base: { name: 'DeiT-Base', config: { ...DEIT, embedDim: 768, numHeads: 12 } },
  swin_tiny: { name: 'Swin-Tiny', config: { ...SWIN, depths: [2, 2, 6, 2] } },
  swin_small: { name: 'Swin-Small', config: { ...SWIN, depths: [2, 2, 18, 2] } },
};
