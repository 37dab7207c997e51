/** The seven ways to binarize attention, in the order of the comparison. */
import type { AttentionBinarizer } from '@/lib/quantizers/attention-binarizer';
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
