/**
 * All attention binarizers, in the order of menus and comparisons. A new one is its folder, a line here and one in `binarizers.ts`: two
 * registries, because the page lists binarizers and must not load tfjs, which their code needs.
 */
import { BOOL } from '@/lib/quantizers/attention/bool/record';
import { DECOMPOSITION } from '@/lib/quantizers/attention/decomposition/record';
import { ELASTIC } from '@/lib/quantizers/attention/elastic/record';
import { GROUP_SUPERPOSITION } from '@/lib/quantizers/attention/group-superposition/record';
import { Q_K_ONLY } from '@/lib/quantizers/attention/q-k-only/record';
import type { BinarizerRecord } from '@/lib/quantizers/attention/record';
import { SHIFTED_POLARIZED } from '@/lib/quantizers/attention/shifted-polarized/record';
import { SIGN_ALPHA } from '@/lib/quantizers/attention/sign-alpha/record';
import { SOFTMAX_AWARE } from '@/lib/quantizers/attention/softmax-aware/record';

const RECORDS = [
  SIGN_ALPHA,
  BOOL,
  ELASTIC,
  SOFTMAX_AWARE,
  GROUP_SUPERPOSITION,
  DECOMPOSITION,
  SHIFTED_POLARIZED,
  Q_K_ONLY,
] as const;

export type BinarizerId = (typeof RECORDS)[number]['id'];

export const BINARIZER_RECORDS: readonly BinarizerRecord<BinarizerId>[] = RECORDS;

export const BINARIZER_IDS: readonly BinarizerId[] = RECORDS.map(({ id }) => id);

export function binarizerRecord(id: BinarizerId): BinarizerRecord<BinarizerId> {
  const found = BINARIZER_RECORDS.find((record) => record.id === id);
  if (found === undefined) throw new TypeError(`no attention binarizer ${id}`);
  return found;
}
