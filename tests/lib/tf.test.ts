import { describe, expect, it } from 'vitest';
import { selectBackend, tf, valueAndGradients, withGradient } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';

describeOnEachBackend('operations with gradients of their own', () => {
  it('use the gradient that they were given, and what they saved', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, -2]);
      const f = (): tf.Scalar => {
        // Inside a tidy, as in a block: what the backward needs must outlive it.
        const y = tf.tidy(() =>
          withGradient(
            [x],
            () => ({ value: tf.abs(x), saved: [tf.mul(x, 10)] }),
            (gradient, saved) => [tf.mul(gradient, saved)],
          ),
        );
        return tf.sum(tf.mul(y, 2));
      };
      const { value, gradients } = valueAndGradients(f, [x]);
      expect(value.dataSync()[0]).toBe(6);
      expect(Array.from(gradients[0]?.dataSync() ?? [])).toEqual([20, -40]);
    });
  });

  it('give null for what the value does not depend on', () => {
    tf.tidy(() => {
      const [x, other] = [tf.scalar(3), tf.scalar(4)];
      const { gradients } = valueAndGradients(() => tf.square(x), [x, other]);
      expect(gradients[0]?.dataSync()[0]).toBe(6);
      expect(gradients[1]).toBeNull();
    });
  });
});

describe('selecting a backend', () => {
  it('takes the preferred one where it starts', async () => {
    expect(await selectBackend('cpu')).toEqual({ backend: 'cpu', reason: 'cpu was chosen.' });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('falls back to wasm where the preferred one does not start, and says why', async () => {
    const { backend, reason } = await selectBackend('webgl'); // there is none in Node
    expect(backend).toBe('wasm');
    expect(reason).toMatch(/webgl did not start \(.+\)\. Running on wasm instead\./);
  });

  it('keeps the threaded build off', () => {
    expect(tf.env().get('WASM_HAS_MULTITHREAD_SUPPORT')).toBe(false);
  });
});
