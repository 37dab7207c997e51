/**
 * `elastic` on a softmaxed map, used without training: one alpha a head, beta = 0.
 *
 *     official       alpha = 2 mean p = 2 / N: an entry counts from 1 / N on, the share of an even row
 *     least-squares  the alpha of smallest squared error over the head
 *
 * Source: BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016. The start 2 mean |x| is that of Bi-ViT's released code;
 * BinaryViT (Le & Li, CVPRW 2023) starts at 0.005.
 */
import type { NumberRow } from '@/lib/math/number-row';
import type { AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { entrywise } from '@/lib/quantizers/attention/entrywise';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { officialAlpha, positive, scalesByHead } from '@/lib/quantizers/by-head';
import { elastic, type ElasticParameters } from '@/lib/quantizers/elastic';
import { fitElastic } from '@/lib/quantizers/fit-two-levels';

export const elasticBinarizer: AttentionBinarizer<'alpha'> = {
  id: 'elastic',
  ...entrywise({
    quantizer: elastic,
    reads: 'attention',
    scalesOf: ({ attention }, fit) => elasticParameters(attention, fit),
    symbols: { alpha: String.raw`\alpha` },
    parametersOf: (scales) => scales,
    marksOf: ({ alpha }) => [0, alpha],
  }),
  fit({ attention }, fit) {
    const { alpha } = scalesByHead(attention, (map) => elasticParameters(map, fit));
    return { kind: 'elastic', alpha: alpha.map(positive) };
  },
  unit: (heads) => ({ kind: 'elastic', alpha: new Float32Array(heads).fill(1) }),
};

/** @param map of one head, over one picture or several */
export function elasticParameters(map: NumberRow, fit: BinarizerFit): ElasticParameters {
  return { alpha: fit === 'official' ? officialAlpha(map) : fitElastic(map).alpha };
}
