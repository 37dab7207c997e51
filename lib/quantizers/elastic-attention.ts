/**
 * `elastic` on a softmaxed map, used without training: one alpha a head, beta = 0.
 *
 *     official       alpha = 2 mean p = 2 / N: an entry counts from 1 / N on, the share of an even row
 *     least-squares  the alpha that leaves the smallest squared error over the head
 *
 * Source: BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016. The start 2 mean |x| is that of Bi-ViT's released code;
 * BinaryViT (Le & Li, CVPRW 2023) starts at 0.005.
 */
import {
  binarizeEntries,
  officialAlpha,
  recordOf,
  requireHead,
  withParameters,
  type AttentionBinarizer,
  type AttentionHead,
} from '@/lib/quantizers/attention-binarizer';
import { elastic, type ElasticParameters } from '@/lib/quantizers/elastic';
import { fitElastic } from '@/lib/quantizers/fit-two-levels';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';

export const elasticBinarizer: AttentionBinarizer = {
  id: 'elastic',
  ...recordOf(elastic),
  levels: 2,
  passNote: null,
  inModel: null,
  binarize(head, fit) {
    requireHead(head);
    const parameters = elasticParameters(head, fit);
    return binarizeEntries({
      input: head.attention,
      tokens: head.tokens,
      parameters: [{ symbol: String.raw`\alpha`, value: parameters.alpha }],
      ofRow: () => withParameters(elastic, parameters),
    });
  },
};

export function elasticParameters({ attention }: AttentionHead, fit: BinarizerFit): ElasticParameters {
  return { alpha: fit === 'official' ? officialAlpha(attention) : fitElastic(attention).alpha };
}
