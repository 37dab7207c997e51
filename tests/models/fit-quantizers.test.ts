import { expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { elastic } from '@/lib/quantizers/elastic';
import { fitSuperposition } from '@/lib/quantizers/attention/group-superposition/fit';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { tf } from '@/lib/tf';
import { BINARIZER_IDS, binarizerRecord, type BinarizerId } from '@/lib/quantizers/attention/records';
import { fitAttention, fitSigns, unitSigns, type FittedRule } from '@/models/fit-quantizers';
import type { QuantizerParameters } from '@/lib/quantizers/parameters';
import { describeOnEachBackend } from '@/tests/models/backends';

const [BATCH, HEADS, TOKENS, SIZE] = [3, 2, 9, 4];

function normal(shape: [number, number, number, number], seed: number, spread = 1): tf.Tensor4D {
  const rng = createRng(seed);
  const length = shape.reduce((product, n) => product * n, 1);
  return tf.tensor4d(
    Float32Array.from({ length }, () => spread * rng.normal()),
    shape,
  );
}

function attentionMaps(seed: number) {
  const scores = normal([BATCH, HEADS, TOKENS, TOKENS], seed, 2);
  return { scores, attention: tf.softmax(scores, -1) };
}

/** All values of one head, over all pictures. */
function headValues(x: tf.Tensor4D, head: number): number[] {
  const size = x.size / (BATCH * HEADS);
  const values = x.dataSync();
  return Array.from({ length: BATCH }, (_, picture) => {
    const start = (picture * HEADS + head) * size;
    return Array.from(values.slice(start, start + size));
  }).flat();
}

function squaredError(values: readonly number[], quantized: (x: number) => number): number {
  return values.reduce((sum, x) => sum + (x - quantized(x)) ** 2, 0);
}

function scalarOf(parameters: QuantizerParameters, head: number): (x: number) => number {
  if (parameters.kind === 'elastic') return (p) => elastic.forward(p, { alpha: parameters.alpha[head] ?? NaN });
  if (parameters.kind !== 'sign-alpha') throw new Error(`no alpha in ${parameters.kind}`);
  const { alpha, zeroPoint, signOfZero } = parameters;
  const own = { alpha: alpha[head] ?? NaN, zeroPoint: Math.round(zeroPoint?.[head] ?? 0), signOfZero };
  return (x) => signAlpha.forward(x, own);
}

const RULES: readonly FittedRule[] = ['official', 'calibrated'];

describeOnEachBackend('scaling factors fitted to values', () => {
  it('of q, k and v are the mean magnitude of each head over all pictures, or officially twice that', () => {
    tf.tidy(() => {
      const x = normal([BATCH, HEADS, TOKENS, SIZE], 1);
      for (const rule of RULES) {
        const fitted = fitSigns(x, rule);
        if (fitted.kind !== 'sign-alpha') throw new Error(fitted.kind);
        expect(fitted).toMatchObject({ zeroPoint: null, signOfZero: 1 });
        fitted.alpha.forEach((alpha, head) => {
          const values = headValues(x, head);
          const mean = values.reduce((sum, each) => sum + Math.abs(each), 0) / values.length;
          expect(alpha).toBeCloseTo(rule === 'official' ? 2 * mean : mean, 5);
        });
      }
    });
  });

  it.each(['elastic', 'sign-alpha'] as const)(
    'of %s err least when calibrated, and no alpha nearby errs less',
    (id) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        tf.tidy(() => {
          const maps = attentionMaps(seed);
          const [official, calibrated] = RULES.map((rule) => fitAttention(maps, id, rule));
          if (official === undefined || calibrated === undefined || !('alpha' in calibrated))
            throw new Error('no alpha');
          for (let head = 0; head < HEADS; head++) {
            const values = headValues(maps.attention, head);
            const error = squaredError(values, scalarOf(calibrated, head));
            expect(error).toBeLessThanOrEqual(squaredError(values, scalarOf(official, head)) * (1 + 1e-6));
            for (const by of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) {
              const moved = { ...calibrated, alpha: calibrated.alpha.map((alpha) => alpha * by) };
              expect(error).toBeLessThanOrEqual(squaredError(values, scalarOf(moved, head)) * (1 + 1e-6));
            }
          }
        });
      }
    },
  );

  it('of signs err least when calibrated too', () => {
    tf.tidy(() => {
      const x = normal([BATCH, HEADS, TOKENS, SIZE], 7);
      const [official, calibrated] = RULES.map((rule) => fitSigns(x, rule));
      if (official === undefined || calibrated === undefined) throw new Error('two gave fewer');
      for (let head = 0; head < HEADS; head++) {
        const values = headValues(x, head);
        const error = squaredError(values, scalarOf(calibrated, head));
        expect(error).toBeLessThan(squaredError(values, scalarOf(official, head)));
      }
    });
  });

  it('officially let z round to 0, so that every entry becomes the same constant', () => {
    tf.tidy(() => {
      const maps = attentionMaps(2);
      const fitted = fitAttention(maps, 'sign-alpha', 'official');
      if (fitted.kind !== 'sign-alpha') throw new Error(fitted.kind);
      for (let head = 0; head < HEADS; head++) {
        const values = headValues(maps.attention, head);
        expect(fitted.alpha[head]).toBeCloseTo(2 / TOKENS, 5);
        expect(fitted.zeroPoint?.[head]).toBeCloseTo(0.1 * (Math.min(...values) + 2 / TOKENS), 5);
        expect(new Set(values.map(scalarOf(fitted, head))).size).toBe(1);
      }
    });
  });

  it('of a group superposition are those of the joint fit over all pictures, by either rule', () => {
    tf.tidy(() => {
      const maps = attentionMaps(3);
      for (const rule of RULES) {
        const fitted = fitAttention(maps, 'group-superposition', rule);
        if (fitted.kind !== 'group-superposition') throw new Error(fitted.kind);
        for (let head = 0; head < HEADS; head++) {
          const { a1, a2, a3 } = fitSuperposition(headValues(maps.attention, head), TOKENS);
          expect(fitted.scales.a1?.[head]).toBeCloseTo(a1, 5);
          expect(fitted.scales.a2?.[head]).toBeCloseTo(a2, 5);
          expect(fitted.scales.a3?.[head]).toBeCloseTo(a3, 5);
        }
      }
    });
  });

  it('of one picture are those of the comparison of binarizers', () => {
    tf.tidy(() => {
      const p = tf.slice(attentionMaps(4).attention, [0, 0, 0, 0], [1, 1, TOKENS, TOKENS]);
      const head = {
        tokens: TOKENS,
        scores: [...p.dataSync()],
        attention: [...p.dataSync()],
        q: Array<number>(9).fill(1),
        k: Array<number>(9).fill(1),
      };
      for (const id of ['elastic', 'sign-alpha'] as const) {
        for (const rule of RULES) {
          const fit = rule === 'official' ? 'official' : 'least-squares';
          const whole = attentionBinarizer(id).binarize(head, fit);
          const scalar = scalarOf(fitAttention({ attention: p, scores: p }, id, rule), 0);
          head.attention.forEach((value, i) => expect(scalar(value)).toBeCloseTo(whole.values[i] ?? NaN, 5));
        }
      }
    });
  });

  it('are never 0, also for a head of zeros', () => {
    tf.tidy(() => {
      const fitted = fitSigns(tf.zeros([1, 2, 3, 4]), 'calibrated');
      if (fitted.kind !== 'sign-alpha') throw new Error(fitted.kind);
      expect(fitted.alpha.every((alpha) => alpha > 0 && alpha < 1e-6)).toBe(true);
    });
  });

  it('are all 1 where nothing is fitted', () => {
    expect(unitSigns(2)).toEqual({ kind: 'sign-alpha', alpha: Float32Array.of(1, 1), zeroPoint: null, signOfZero: 1 });
    for (const id of ['elastic', 'sign-alpha'] as const)
      expect(attentionBinarizer(id).unit(2)).toMatchObject({ kind: id, alpha: Float32Array.of(1, 1) });
    expect(attentionBinarizer('group-superposition').unit(1)).toMatchObject({
      scales: { a1: Float32Array.of(1), a2: Float32Array.of(1), a3: Float32Array.of(1) },
    });
  });

  it('come with the binarizer that was asked for; of q and k alone the attention stays real', () => {
    tf.tidy(() => {
      const kindOf = (id: BinarizerId) => (binarizerRecord(id).binarizes === 'attention' ? id : 'real');
      for (const id of BINARIZER_IDS) {
        expect(attentionBinarizer(id).unit(1).kind).toBe(kindOf(id));
        for (const rule of RULES) expect(fitAttention(attentionMaps(1), id, rule).kind).toBe(kindOf(id));
      }
    });
  });

  it('leave no tensor behind', () => {
    const maps = attentionMaps(1);
    const before = tf.memory().numTensors;
    for (const id of BINARIZER_IDS) for (const rule of RULES) fitAttention(maps, id, rule);
    fitSigns(maps.attention, 'official');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([maps.attention, maps.scores]);
  });
});
