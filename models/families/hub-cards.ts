/**
 * The repositories that have a ready card: what each holds, as their authors state it. Plain data.
 *
 * Architectures are configurations, from which parameters and multiply-accumulates are counted, not stated.
 * Accuracy is ImageNet-1k validation top-1 in per cent as published, with where it is printed; nothing here measured it.
 * Sources: DeiT, arXiv 2012.12877; Swin, arXiv 2103.14030; ViT with AugReg, arXiv 2106.10270; licences as in the repositories' cards.
 */
import { ARCHITECTURES, DEIT_TINY } from '@/models/published';
import type { ModelConfig } from '@/models/architectures/configs';

export interface PublishedTop1 {
  /** Per cent. */
  readonly top1: number;
  readonly source: string;
}

export interface HubCard {
  /** Its name on the hub: owner/name. */
  readonly repo: string;
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** SPDX identifier. */
  readonly licence: string;
  readonly paper: { readonly authors: string; readonly arxiv: string };
  readonly accuracy: PublishedTop1 | null;
  readonly config: ModelConfig;
}

/** As it was published. */
function real(config: ModelConfig): ModelConfig {
  return { ...config, quantization: 'none' };
}

const DEIT_PAPER = { authors: 'Touvron et al., 2021', arxiv: '2012.12877' } as const;

export const HUB_CARDS: readonly HubCard[] = [
  {
    repo: 'timm/deit_tiny_patch16_224.fb_in1k',
    name: 'DeiT-Tiny',
    about:
      'The backbone of most of the paper’s experiments, in full precision, trained on ImageNet-1k by DeiT’s authors.',
    licence: 'Apache-2.0',
    paper: DEIT_PAPER,
    accuracy: { top1: 72.2, source: 'arXiv 2012.12877, table 5' },
    config: real(DEIT_TINY),
  },
  {
    repo: 'timm/deit_small_patch16_224.fb_in1k',
    name: 'DeiT-Small',
    about: 'Twice as wide as DeiT-Tiny, with twice its heads; trained on ImageNet-1k by DeiT’s authors.',
    licence: 'Apache-2.0',
    paper: DEIT_PAPER,
    accuracy: { top1: 79.9, source: 'the authors’ release (the paper’s table 5 prints 79.8)' },
    config: real(ARCHITECTURES.deit_small.config),
  },
  {
    repo: 'timm/deit_tiny_distilled_patch16_224.fb_in1k',
    name: 'DeiT-Tiny distilled',
    about:
      'DeiT-Tiny with a second class token that learned from a teacher; the official Bi-ViT starts from this form.',
    licence: 'Apache-2.0',
    paper: DEIT_PAPER,
    accuracy: { top1: 74.5, source: 'arXiv 2012.12877, table 5' },
    config: real({ ...DEIT_TINY, distilled: true }),
  },
  {
    repo: 'timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k',
    name: 'ViT-Tiny (AugReg)',
    about:
      'DeiT-Tiny’s shape, trained on ImageNet-21k and fine-tuned on ImageNet-1k; its pictures are scaled to between -1 and 1.',
    licence: 'Apache-2.0',
    paper: { authors: 'Steiner et al., 2021', arxiv: '2106.10270' },
    accuracy: { top1: 75.45, source: 'timm, results-imagenet.csv' },
    config: real(DEIT_TINY),
  },
  {
    repo: 'timm/swin_tiny_patch4_window7_224.ms_in1k',
    name: 'Swin-Tiny',
    about:
      'Attention inside of shifted windows of 7 x 7 tokens, in four stages; trained on ImageNet-1k by Swin’s authors.',
    licence: 'MIT',
    paper: { authors: 'Liu et al., 2021', arxiv: '2103.14030' },
    accuracy: { top1: 81.3, source: 'arXiv 2103.14030, table 1' },
    config: real(ARCHITECTURES.swin_tiny.config),
  },
];
