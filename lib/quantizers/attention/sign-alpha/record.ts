import { defineBinarizer, FIT_NAMES } from '@/lib/quantizers/attention/record';

export const SIGN_ALPHA = defineBinarizer({
  id: 'sign-alpha',
  name: 'Sign with a scale per head',
  short: 'Sign with α',
  menu: 'sign, α and z per head (Bi-ViT’s code)',
  phrase: 'the attention by sign with α and z',
  bits: 1,
  equation: String.raw`\hat{x} = \alpha_h \left(\operatorname{sign}\!\left(\tfrac{x}{\alpha_h} + \hat{z}_h\right) - \hat{z}_h\right), \qquad \frac{\partial \hat{x}}{\partial x} \approx \mathbf{1}\!\left[\left|\tfrac{x}{\alpha_h} + \hat{z}_h\right| \le 1\right]`,
  source: 'Bi-ViT, arXiv 2305.12354 (ActBi of the released code)',
  origin: FIT_NAMES,
});
