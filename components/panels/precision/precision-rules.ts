import type { AboutFormula } from '@/components/ui/about';

/**
 * The scale rules of the post-training quantization, as `lib/quantizers` applies them; the page cannot ask a quantizer, which lives in the
 * worker with its tensors.
 */
const UNIFORM = {
  text: 'Krishnamoorthi. Quantizing deep convolutional networks for efficient inference. 2018',
  url: 'https://arxiv.org/abs/1806.08342',
} as const;

export const ATTENTION_RULES: { readonly uniform: AboutFormula; readonly oneBit: AboutFormula } = {
  uniform: {
    label: 'Attention, 2 to 8 bits',
    latex:
      '\\hat p_i = s \\left\\lfloor \\tfrac{p_i}{s} \\right\\rceil, \\quad s = \\tfrac{1}{n} \\max_j p_j, \\quad n = 2^b - 1',
    source: UNIFORM,
    note: 'One scale for each row. The softmaxed attention is never negative, so no level is spent on signs.',
  },
  oneBit: {
    label: 'Attention, 1 bit',
    latex: '\\hat p_j = \\alpha_h \\operatorname{round}(\\operatorname{clip}(p_j / \\alpha_h, 0, 1))',
    source: {
      text: 'Liu et al. BiT: robustly binarized multi-distilled transformer. NeurIPS 2022',
      url: 'https://arxiv.org/abs/2205.13016',
    },
    note: 'Elastic, as in the students, but with an α for each head from its own values on this picture: the one of least squared error.',
  },
};

export const PRECISION_RULES: readonly AboutFormula[] = [
  {
    label: 'Weights and activations, 2 to 8 bits',
    latex:
      '\\hat x_i = s \\operatorname{clip}\\left(\\left\\lfloor \\tfrac{x_i}{s} \\right\\rceil, -n, n\\right), \\quad s = \\tfrac{1}{n} \\max_j \\lvert x_j \\rvert, \\quad n = 2^{b-1} - 1',
    source: UNIFORM,
    note: 'One scale for each output row of a weight matrix, and for each vector of an activation that a product sums over. For weights the scale is the one of least squared error, at most this one.',
  },
  {
    label: 'Weights and activations, 1 bit',
    latex:
      '\\hat x_i = s \\operatorname{sign}(x_i), \\quad s = \\tfrac{1}{n} \\sum_j \\lvert x_j \\rvert, \\quad \\operatorname{sign}(0) = 1',
    source: { text: 'Rastegari et al. XNOR-Net. ECCV 2016', url: 'https://arxiv.org/abs/1603.05279' },
  },
  ATTENTION_RULES.uniform,
  ATTENTION_RULES.oneBit,
];
