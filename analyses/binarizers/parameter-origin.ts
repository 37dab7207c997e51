import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import type { BinarizerId } from '@/lib/quantizers/attention-binarizer';

/** What each choice means, beneath it. */
export const FIT_NOTES: { readonly [Fit in BinarizerFit]: string } = {
  official:
    'α = 2·mean|p| of the head and z = round(0.1·(min p + α)), where the released code of Bi-ViT starts; nothing is trained here.',
  'least-squares':
    'α (and z) such that the head, once binarized, is nearest to itself in squared error; nothing is trained here.',
};

/** Where the parameters of a binarizer come from; `null` for one without any. */
export function parameterOrigin(id: BinarizerId, fit: BinarizerFit): string | null {
  switch (id) {
    case 'sign-alpha':
    case 'elastic':
      return fit === 'official' ? 'official start' : 'least squares';
    case 'group-superposition':
      return 'least squares, whichever is chosen';
    case 'q-k-only':
      return 'means of |q| and |k|';
    case 'bool':
    case 'softmax-aware':
    case 'decomposition':
      return null;
    default:
      return id satisfies never;
  }
}
