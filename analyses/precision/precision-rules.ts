import { ELASTIC_LATEX } from '@/components/analysis/entry-card';
import { paperUrl } from '@/components/analysis/paper-url';
import type { AboutFormula } from '@/components/ui/about';
import {
  SIGN_EQUATION,
  SIGN_SOURCE,
  symmetricEquation,
  UNIFORM_SOURCE,
  unsignedEquation,
} from '@/lib/quantizers/uniform-rules';

/** The rules of the post-training quantization, in the words of the dial. */
const UNIFORM = { text: UNIFORM_SOURCE, url: paperUrl(UNIFORM_SOURCE) };

export const ATTENTION_RULES: { readonly uniform: AboutFormula; readonly oneBit: AboutFormula } = {
  uniform: {
    label: 'Attention, 2 to 8 bits',
    latex: unsignedEquation('2^b - 1'),
    source: UNIFORM,
    note: 'One scale for each row. The softmaxed attention is never negative, so no level is spent on signs.',
  },
  oneBit: {
    label: 'Attention, 1 bit',
    latex: ELASTIC_LATEX,
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
    latex: symmetricEquation('2^{b-1} - 1'),
    source: UNIFORM,
    note: 'One scale for each output row of a weight matrix, and for each vector of an activation that a product sums over. For weights the scale is the one of least squared error, at most this one.',
  },
  {
    label: 'Weights and activations, 1 bit',
    latex: SIGN_EQUATION,
    source: { text: SIGN_SOURCE, url: paperUrl(SIGN_SOURCE) },
  },
  ATTENTION_RULES.uniform,
  ATTENTION_RULES.oneBit,
];
