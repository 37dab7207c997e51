import { defineBinarizer } from '@/lib/quantizers/attention/record';

const MEANS = 'means of |q| and |k|';

export const Q_K_ONLY = defineBinarizer({
  id: 'q-k-only',
  name: 'Binary q and k, real attention',
  short: 'Only q and k',
  menu: 'q, k only (BinaryAttention)',
  phrase: 'q and k by their means, the attention left real-valued',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \operatorname{softmax}_j\!\left(\frac{\mu_q \mu_k}{\sqrt{d}} \operatorname{sign}(q_i) \operatorname{sign}(k_j)^{\top}\right), \quad \mu = \tfrac{1}{Nd} \textstyle\sum |x|, \qquad \frac{\partial \operatorname{sign}(x)}{\partial x} \approx \mathbf{1}[|x| \le 1]`,
  source: 'BinaryAttention, Xiao et al., CVPR 2026, arXiv 2603.09582',
  passNote: 'Counted over this row’s q and every k, |x| ≤ 1: the map itself has no quantizer.',
  origin: { official: MEANS, 'least-squares': MEANS },
  binarizes: 'q and k',
});
