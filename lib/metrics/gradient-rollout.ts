import { matrixMultiply } from '@/lib/math/matrix-multiply';
import { at, type NumberRow } from '@/lib/math/number-row';
import type { Formula } from '@/lib/metrics/formula';
import { requireSameTokens, type LayerAttention } from '@/lib/metrics/layer-attention';
import { identity, meanOverHeads } from '@/lib/metrics/rollout';

export const gradientRolloutFormula: Formula = {
  id: 'gradientRollout',
  label: 'Gradient-weighted rollout',
  shortLabel: 'grad rollout',
  range: [0, null],
  unit: 'number',
  latex:
    'R = \\bar A_L \\cdots \\bar A_1, \\quad \\bar A_\\ell = I + \\frac{1}{H} \\sum_h \\Bigl(\\frac{\\partial y_c}{\\partial A_{\\ell h}} \\odot A_{\\ell h}\\Bigr)^{+}',
  source: {
    kind: 'paper',
    citation:
      'Chefer, Gur, Wolf. Generic attention-model explainability for interpreting bi-modal and encoder-decoder transformers. ICCV 2021',
    arxiv: '2103.15679',
  },
  betterWhen: 'high',
  undefinedWhen: 'when an attention or a gradient is not finite',
};

/**
 * Class-specific rollout: attention weighted by the gradient of one class's logit, its positive part only.
 *
 *     R = A-_L ... A-_1,   A-_l = I + mean_h relu(dA_lh * A_lh)
 *
 * Rows are not normalized, after the paper. Where every gradient is 0 or against the class, R is the identity: nothing
 * but the residual connection speaks for the class.
 *
 * @param layers attention, first layer first, all with the same tokens
 * @param gradients per layer the gradient of the class's logit by that attention, [H, N, N], flat
 * @returns R, flat [N, N], at least 0; `null` when an entry is not finite. O(L N^3)
 * @throws RangeError without layers, or when sizes do not fit
 */
export function gradientRollout(
  layers: readonly LayerAttention[],
  gradients: readonly NumberRow[],
): Float64Array<ArrayBuffer> | null {
  const tokens = requireSameTokens(layers);
  if (gradients.length !== layers.length) {
    throw new RangeError(`${layers.length} layers of attention need as many of gradients, got ${gradients.length}`);
  }
  let product = identity(tokens); // [N, N]
  for (const [index, layer] of layers.entries()) {
    const gradient = gradients[index];
    if (gradient?.length !== layer.values.length) {
      throw new RangeError(`layer ${index}: ${layer.values.length} attentions and ${gradient?.length} gradients`);
    }
    const mixed = meanOverHeads(layer, (value, place) => {
      const weighted = at(gradient, place) * value;
      return weighted < 0 ? 0 : weighted; // leaves NaN as it is, for the check below
    }); // [N, N]
    for (let i = 0; i < tokens; i++) mixed[i * tokens + i] = at(mixed, i * tokens + i) + 1;
    product = matrixMultiply(mixed, product, tokens);
  }
  return product.every(Number.isFinite) ? product : null;
}
