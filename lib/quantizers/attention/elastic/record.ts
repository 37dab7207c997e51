import { defineBinarizer, FIT_NAMES } from '@/lib/quantizers/attention/record';

export const ELASTIC = defineBinarizer({
  id: 'elastic',
  name: 'Elastic',
  short: 'Elastic',
  menu: 'elastic (BiT)',
  phrase: 'the attention by elastic binarization',
  bits: 1,
  equation: String.raw`\hat{p} = \alpha_h \left\lfloor \operatorname{clip}\!\left(\tfrac{p}{\alpha_h}, 0, 1\right) \right\rceil, \qquad \frac{\partial \hat{p}}{\partial p} \approx \mathbf{1}\!\left[0 \le \tfrac{p}{\alpha_h} \le 1\right]`,
  source: 'BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016',
  origin: FIT_NAMES,
});
