import { matrixMultiply } from '@/lib/math/matrix-multiply';
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import type { Formula } from '@/lib/metrics/formula';
import { requireSameTokens, type LayerAttention } from '@/lib/metrics/layer-attention';
import { mass } from '@/lib/metrics/mass';

export const rolloutFormula: Formula = {
  id: 'rollout',
  label: 'Attention rollout',
  shortLabel: 'rollout',
  range: [0, 1],
  unit: 'share',
  latex:
    'R = \\hat A_L \\cdots \\hat A_1, \\quad \\hat A_\\ell = \\mathrm{rownorm}\\Bigl(\\frac{1}{H} \\sum_h A_{\\ell h} + I\\Bigr)',
  source: {
    kind: 'paper',
    citation: 'Abnar, Zuidema. Quantifying attention flow in transformers. ACL 2020',
    arxiv: '2005.00928',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a row of some layer has a negative or infinite entry',
};

/**
 * Attention rollout: how much of each input token is in each token at the end, if attention and the residual
 * connection were all there is.
 *
 *     R = A^_L ... A^_1,   A^_l = mean_h A_lh + I, every row divided by its sum
 *
 * Rows of a binarized map need not sum to 1, so their size against the identity matters and is kept as the model has it.
 *
 * @param layers first layer first, all with the same tokens
 * @returns R, flat [N, N], rows summing to 1 (query by input token); `null` when a row cannot be normalized because it has a
 *   negative entry or one that is not finite. O(L N^3)
 * @throws RangeError without layers, or when sizes do not fit
 */
export function rollout(layers: readonly LayerAttention[]): Float64Array<ArrayBuffer> | null {
  const tokens = requireSameTokens(layers);
  let product = identity(tokens); // [N, N]
  for (const layer of layers) {
    const mixed = meanOverHeads(layer, (value) => value); // [N, N]
    for (let i = 0; i < tokens; i++) {
      mixed[i * tokens + i] = at(mixed, i * tokens + i) + 1;
      const total = mass(matrixRow(mixed, tokens, i));
      if (total === null) return null;
      for (let j = 0; j < tokens; j++) mixed[i * tokens + j] = at(mixed, i * tokens + j) / total;
    }
    product = matrixMultiply(mixed, product, tokens);
  }
  return product;
}

/**
 * What a rollout says about the image: one query's row without its class tokens.
 *
 * @param relevance flat [N, N] of `rollout` or `gradientRollout`
 * @param classTokens how many tokens stand before the patches: 1, or 2 with a distillation token
 * @returns [N - classTokens]
 */
export function patchRelevance(
  relevance: NumberRow,
  tokens: number,
  query: number,
  classTokens: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(matrixRow(relevance, tokens, query)).slice(classTokens);
}

/** Mean over heads of `weigh(value, its place in the layer)`, flat [N, N]. */
export function meanOverHeads(
  { values, heads, tokens }: LayerAttention,
  weigh: (value: number, place: number) => number,
): Float64Array<ArrayBuffer> {
  const size = tokens * tokens;
  const result = new Float64Array(size);
  for (let place = 0; place < heads * size; place++) {
    const cell = place % size;
    result[cell] = at(result, cell) + weigh(at(values, place), place) / heads;
  }
  return result;
}

export function identity(size: number): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}
