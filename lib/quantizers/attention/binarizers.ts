/** The attention binarizers with their code, which needs tfjs: for the worker. The page's registry is `records.ts`. */
import type { AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { boolBinarizer } from '@/lib/quantizers/attention/bool/binarizer';
import { decompositionBinarizer } from '@/lib/quantizers/attention/decomposition/binarizer';
import { elasticBinarizer } from '@/lib/quantizers/attention/elastic/binarizer';
import { groupSuperpositionBinarizer } from '@/lib/quantizers/attention/group-superposition/binarizer';
import { qKOnlyBinarizer } from '@/lib/quantizers/attention/q-k-only/binarizer';
import { BINARIZER_IDS, type BinarizerId } from '@/lib/quantizers/attention/records';
import { shiftedPolarizedBinarizer } from '@/lib/quantizers/attention/shifted-polarized/binarizer';
import { signAlphaBinarizer } from '@/lib/quantizers/attention/sign-alpha/binarizer';
import { softmaxAwareBinarizer } from '@/lib/quantizers/attention/softmax-aware/binarizer';

const BINARIZERS: readonly AttentionBinarizer[] = [
  signAlphaBinarizer,
  boolBinarizer,
  elasticBinarizer,
  softmaxAwareBinarizer,
  groupSuperpositionBinarizer,
  decompositionBinarizer,
  shiftedPolarizedBinarizer,
  qKOnlyBinarizer,
];

export function attentionBinarizer(id: BinarizerId): AttentionBinarizer {
  const found = BINARIZERS.find((binarizer) => binarizer.id === id);
  if (found === undefined) throw new TypeError(`no attention binarizer ${id}`);
  return found;
}

/** In the order of their records. */
export const ATTENTION_BINARIZERS: readonly AttentionBinarizer[] = BINARIZER_IDS.map(attentionBinarizer);
