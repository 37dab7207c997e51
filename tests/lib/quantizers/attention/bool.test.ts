import { describe, expect, it } from 'vitest';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { bool } from '@/lib/quantizers/attention/bool/binarizer';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import { applyFitted, gradientOf, headOfMap, itFollows, rowOf, share } from './heads';

describe('bool', () => {
  itFollows('bool', ({ s }) => ({
    values: s.map((x) => (x >= 0 ? 1 : 0)),
    passShare: share(s.map((x) => Math.abs(x) < 1)),
  }));

  it('is 1 at a score of 0, and the window is open', () => {
    expect([-0.1, -0, 0, 2].map((s) => bool.forward(s, {}))).toEqual([0, 1, 1, 1]);
    const scores = [
      [0, -0, 1, -1],
      [-0.5, 0.999, -1e-300, 2],
    ];
    const half = [0.25, 0.25, 0.25, 0.25];
    const head = headOfMap([half, half, half, half], [...scores, ...scores]);
    const { values, passShare } = attentionBinarizer('bool').binarize(head, 'official');
    expect([rowOf(values, 4, 0), rowOf(values, 4, 1)]).toEqual([
      [1, 1, 1, 0],
      [0, 1, 0, 1],
    ]);
    expect([passShare(0), passShare(1)]).toEqual([0.5, 0.75]);
  });
});

describeOnEachBackend('bool on tensors', () => {
  it('sends the gradient to the scores, past the softmax', () => {
    tf.tidy(() => {
      const scores = tf.tensor4d([-0, 0, -1e-30, 1, -1, 0.5], [1, 1, 2, 3]);
      const apply = applyFitted('bool', { attention: tf.softmax(scores, -1), scores }, 'official');
      expect(Array.from(apply().value.dataSync())).toEqual([1, 1, 0, 1, 0, 1]);
      expect(gradientOf(apply, tf.fill([1, 1, 2, 3], 2), scores)).toEqual([2, 2, 2, 0, 0, 2]);
    });
  });
});
