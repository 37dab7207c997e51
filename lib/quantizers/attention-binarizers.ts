/** The attention binarizers with their code, in the order of `binarizer-list.ts`. */
import type { AttentionBinarizer } from '@/lib/quantizers/attention-binarizer';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import { boolBinarizer } from '@/lib/quantizers/bool';
import { decompositionBinarizer } from '@/lib/quantizers/decomposition';
import { elasticBinarizer } from '@/lib/quantizers/elastic-attention';
import { groupSuperpositionBinarizer } from '@/lib/quantizers/group-superposition';
import { qKOnlyBinarizer } from '@/lib/quantizers/q-k-only';
import { signAlphaBinarizer } from '@/lib/quantizers/sign-alpha-attention';
import { softmaxAwareBinarizer } from '@/lib/quantizers/softmax-aware';

export const ATTENTION_BINARIZERS: readonly AttentionBinarizer[] = [
  signAlphaBinarizer,
  boolBinarizer,
  elasticBinarizer,
  softmaxAwareBinarizer,
  groupSuperpositionBinarizer,
  decompositionBinarizer,
  qKOnlyBinarizer,
];

/** @throws TypeError for one that is not listed */
export function attentionBinarizer(id: BinarizerId): AttentionBinarizer {
  const found = ATTENTION_BINARIZERS.find((binarizer) => binarizer.id === id);
  if (found === undefined) throw new TypeError(`no attention binarizer ${id}`);
  return found;
}
