/**
 * Only q and k are binarized; the attention stays the real-valued softmax of their product, and that map is compared with the row.
 *
 *     forward   softmax_j(mu_q mu_k sign(q_i) . sign(k_j) / sqrt(D)),  mu = mean |x| over all tokens and channels of the head
 *     backward  1 where |x| <= 1, else 0, for the signs of q and k; mu is differentiated as it stands
 *
 * sign(0) = +1. The published method adds a learned bias to the scores, which is 0 without training; the scale belongs to each head of
 * each image, as in the released code. Source: BinaryAttention, Xiao et al., CVPR 2026, arXiv 2603.09582.
 */
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { softmax } from '@/lib/math/softmax';
import { requireHead, type AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { Q_K_ONLY } from '@/lib/quantizers/attention/q-k-only/record';
import type { Quantized, Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import { isWithin } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export const qKOnly: Quantizer<{ /** mean |x| of the head. */ readonly mu: number }> = {
  ...Q_K_ONLY,
  forward: (x, { mu }) => mu * signOf(x, 1),
  surrogate: (x) => (Math.abs(x) <= 1 ? 1 : 0),
};

export const qKOnlyBinarizer: AttentionBinarizer<never> = {
  id: 'q-k-only',
  binarize(head) {
    requireHead(head);
    const { tokens, q, k } = head;
    const size = q.length / tokens; // D
    const [muQ, muK] = [meanMagnitude(q), meanMagnitude(k)];
    const [signsQ, signsK] = [signsOf(q), signsOf(k)];
    const values = new Float64Array(tokens * tokens);
    const scale = (muQ * muK) / Math.sqrt(size);
    const products = new Float64Array(tokens);
    for (let i = 0; i < tokens; i++) {
      for (let j = 0; j < tokens; j++) {
        let sum = 0; // of integers, before any scale
        for (let d = 0; d < size; d++) sum += at(signsQ, i * size + d) * at(signsK, j * size + d);
        products[j] = sum;
      }
      values.set(softmax(products, scale), i * tokens);
    }
    const passedK = countPassed(k);
    const passShare = (i: number): number => (countPassed(matrixRow(q, size, i)) + passedK) / (size + k.length);
    const parameters = [
      { symbol: String.raw`\mu_q`, value: muQ },
      { symbol: String.raw`\mu_k`, value: muK },
    ];
    return { values, parameters, passShare };
  },
  fit: () => ({ kind: 'real' }),
  unit: () => ({ kind: 'real' }),
};

function signsOf(side: NumberRow): Float64Array {
  return Float64Array.from(side, (x) => signOf(x, 1));
}

function countPassed(side: NumberRow): number {
  let passed = 0;
  for (const x of side) passed += qKOnly.surrogate(x, { mu: 1 });
  return passed;
}

/** Of one head of one picture (of one window): tokens and channels. */
const OF_HEAD = [2, 3];

/**
 * `qKOnly` on q or k, with its gradient; mu follows the values, and is differentiated with them.
 *
 *     dL/dx_i = mu [|x_i| <= 1] g_i + sign(x_i) mean_j(g_j sign(x_j))
 *
 * @param x [B, H, N, D]
 */
export function applyQKOnly(x: tf.Tensor4D): Quantized {
  const integers = signTensor(x, 1);
  const scale = tf.mean<tf.Tensor4D>(tf.abs(x), OF_HEAD, true); // [B, H, 1, 1]
  const value = withGradient(
    [x],
    () => ({ value: tf.mul<tf.Tensor4D>(scale, integers), saved: [x, integers, scale] }),
    (gradient, savedX, signs, mu) => {
      const ofSigns = tf.mul(tf.mul(gradient, mu), isWithin(savedX, 1));
      const ofMu = tf.mean(tf.mul(gradient, signs), OF_HEAD, true); // [B, H, 1, 1]
      return [tf.add(ofSigns, tf.mul(signs, ofMu))];
    },
  );
  return { value, levels: { integers, scale } };
}
