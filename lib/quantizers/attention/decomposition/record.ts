import { defineBinarizer } from '@/lib/quantizers/attention/record';

export const DECOMPOSITION = defineBinarizer({
  id: 'decomposition',
  name: 'Quantization decomposition',
  short: 'Decomposition',
  menu: 'decomposition (BHViT)',
  phrase: 'the attention by decomposition into three maps',
  bits: 2,
  equation: String.raw`\hat{p} = \sum_{t=1}^{3} \mathbf{1}\!\left[\lfloor 3p \rceil \ge t - \tfrac{1}{2}\right] \in \{0, 1, 2, 3\}, \qquad \frac{\partial \hat{p}}{\partial (3p)} \approx \mathbf{1}[0 \le 3p \le 3]`,
  source: 'BHViT, Gao et al., CVPR 2025, arXiv 2503.02394',
  wholeLevels: 3,
});
