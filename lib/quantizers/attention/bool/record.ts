import { defineBinarizer } from '@/lib/quantizers/attention/record';

export const BOOL = defineBinarizer({
  id: 'bool',
  name: 'Bool on the scores',
  short: 'Bool',
  menu: 'bool: scores ≥ 0 (BiBERT)',
  phrase: 'the attention by bool on the scores',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \mathbf{1}[s_{ij} \ge 0], \qquad \frac{\partial \hat{p}}{\partial s} \approx \mathbf{1}[|s| < 1]`,
  source: 'BiBERT, Qin et al., ICLR 2022, arXiv 2203.06390',
  wholeLevels: 1,
  passNote: 'Counted on the scores, since this binarizer reads no softmax: |s| < 1, as in BiBERT’s released code.',
});
