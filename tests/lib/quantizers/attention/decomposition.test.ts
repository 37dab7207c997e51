import { describe, expect, it } from 'vitest';
import { decomposition } from '@/lib/quantizers/attention/decomposition/binarizer';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import { applyFitted, expectClose, gradientOf, itFollows } from './heads';

describe('quantization decomposition', () => {
  itFollows('decomposition', ({ p }) => ({
    values: p.map((x) => [1, 2, 3].filter((t) => Math.round(3 * x) >= t - 0.5).length),
    passShare: 1,
  }));

  it('rounds halves to even, and passes its gradient between 0 and 1', () => {
    expect([0, 1 / 6, 0.17, 0.5, 0.84, 1].map((p) => decomposition.forward(p, {}))).toEqual([0, 0, 1, 2, 3, 3]);
    expect([0, 1, 1.01, -0.01].map((p) => decomposition.surrogate(p, {}))).toEqual([1, 1, 0, 0]);
  });
});

describeOnEachBackend('quantization decomposition on tensors', () => {
  it('rounds halves to even, and clips', () => {
    tf.tidy(() => {
      const p = [-0.5, 0, 0.5, 5 / 6, 1, 1.5];
      const attention = tf.tensor4d(p, [1, 1, 2, 3]);
      const apply = applyFitted('decomposition', { attention, scores: attention }, 'official');
      expectClose(apply().value.dataSync(), [0, 0, 2, 2, 3, 3]);
      expect(gradientOf(apply, tf.ones([1, 1, 2, 3]), attention)).toEqual(
        p.map((value) => decomposition.surrogate(value, {})),
      );
    });
  });
});
