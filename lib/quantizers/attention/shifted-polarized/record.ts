import { defineBinarizer } from '@/lib/quantizers/attention/record';

export const SHIFTED_POLARIZED = defineBinarizer({
  id: 'shifted-polarized',
  name: 'Shifted polarized softmax',
  short: 'Shifted polarized',
  menu: 'shifted polarized softmax (COBRA)',
  phrase: 'the attention by a shifted polarized softmax',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \mathbf{1}[s_{ij} \ge \lambda_h], \qquad \frac{\partial \hat{p}}{\partial s} \approx \mathbf{1}[|s - \lambda_h| < 1]`,
  source:
    'COBRA, Qiao et al., ICCAD 2025, arXiv 2504.16269; how λ is fitted and the window of the gradient are chosen here',
  wholeLevels: 1,
  passNote: 'Counted on the scores, |s − λ| < 1: the window of BiBERT’s bool moved to λ, chosen here.',
  origin: { official: 'nearest to elastic, official start', 'least-squares': 'nearest to elastic, least squares' },
});
