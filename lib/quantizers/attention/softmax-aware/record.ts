import { defineBinarizer } from '@/lib/quantizers/attention/record';

export const SOFTMAX_AWARE = defineBinarizer({
  id: 'softmax-aware',
  name: 'Softmax-aware threshold',
  short: 'Softmax-aware',
  menu: 'softmax-aware (BiViT)',
  phrase: 'the attention by a softmax-aware threshold',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \mathbf{1}\!\left[p_{ij} \ge \tfrac{1}{4} \max_k p_{ik}\right] = \mathbf{1}\!\left[s_{ij} \ge \max_k s_{ik} - \ln 4\right], \qquad \frac{\partial \hat{p}}{\partial s} \approx \mathbf{1}[|s| < 1]`,
  source: 'BiViT, He et al., ICCV 2023, arXiv 2211.07091',
  wholeLevels: 1,
  passNote:
    'Counted on the scores, |s| < 1: the released code of BiViT sends the gradient past the softmax straight to the scores.',
});
