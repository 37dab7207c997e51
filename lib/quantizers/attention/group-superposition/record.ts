import { defineBinarizer } from '@/lib/quantizers/attention/record';

const LEAST_SQUARES = 'least squares, whichever is chosen';

export const GROUP_SUPERPOSITION = defineBinarizer({
  id: 'group-superposition',
  name: 'Group superposition',
  short: 'Group superposition',
  menu: 'group superposition (GSB)',
  phrase: 'the attention by group superposition',
  bits: 3,
  equation: String.raw`\hat{p} = a_1 \left\lfloor \operatorname{clip}\!\left(\tfrac{p}{a_1}, 0, 1\right) \right\rceil + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}], \qquad \frac{\partial \hat{p}}{\partial p} \approx \mathbf{1}\!\left[0 \le \tfrac{p}{a_1} \le 1\right] + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}]`,
  source: 'GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931',
  origin: { official: LEAST_SQUARES, 'least-squares': LEAST_SQUARES },
});
