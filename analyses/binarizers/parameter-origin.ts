import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import { binarizerEntry, type BinarizerId } from '@/lib/quantizers/binarizer-list';

/** What each choice means, beneath it. */
export const FIT_NOTES: { readonly [Fit in BinarizerFit]: string } = {
  official:
    'α = 2·mean|p| of the head and z = round(0.1·(min p + α)), where the released code of Bi-ViT starts; nothing is trained here.',
  'least-squares':
    'α (and z) such that the head, once binarized, is nearest to itself in squared error; nothing is trained here.',
};

/** Where the parameters of a binarizer come from; `null` for one without any. */
export function parameterOrigin(id: BinarizerId, fit: BinarizerFit): string | null {
  const { origin } = binarizerEntry(id);
  if (origin !== 'chosen') return origin;
  return fit === 'official' ? 'official start' : 'least squares';
}
