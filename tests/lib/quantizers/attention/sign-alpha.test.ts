import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { elastic } from '@/lib/quantizers/elastic';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { FITS, headOfMap, itFollows, randomHead, rowOf, share } from './heads';

describe('sign with alpha and z, on a map', () => {
  itFollows('sign-alpha', ({ p }, [alpha = NaN, z = NaN]) => {
    const u = p.map((x) => x / alpha + z);
    return { values: u.map((x) => alpha * (Math.sign(x) - z)), passShare: share(u.map((x) => Math.abs(x) <= 1)) };
  });

  it('makes a constant row at the official start, alpha = 2 / N', () => {
    const head = headOfMap([
      [0.7, 0.1, 0.15, 0.05],
      [0.25, 0.25, 0.25, 0.25],
      [0, 0, 0.5, 0.5],
      [0.3, 0.3, 0.2, 0.2],
    ]);
    const { parameters, values, passShare } = attentionBinarizer('sign-alpha').binarize(head, 'official');
    expect(parameters).toEqual([
      { symbol: String.raw`\alpha`, value: 0.5 },
      { symbol: String.raw`\hat{z}`, value: 0 },
    ]);
    // Constant wherever p is positive; the third level of the official sign keeps an exact 0.
    expect([...values]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(passShare(0)).toBe(0.75);
  });

  it('is elastic at twice the scale where z = -1, except where the sign is 0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (p, alpha) => {
          fc.pre(Math.abs(p - alpha) > 1e-9);
          expect(signAlpha.forward(p, { alpha, zeroPoint: -1, signOfZero: 0 })).toBe(
            elastic.forward(p, { alpha: 2 * alpha }),
          );
        },
      ),
    );
    expect(signAlpha.forward(0.3, { alpha: 0.3, zeroPoint: -1, signOfZero: 0 })).toBe(0.3);
  });

  it.each(['sign-alpha', 'elastic'] as const)('errs no more by least squares than officially: %s', (id) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const head = randomHead(seed);
        const [official = NaN, fitted = NaN] = FITS.map((fit) =>
          attentionBinarizer(id)
            .binarize(head, fit)
            .values.reduce((sum, value, i) => sum + (value - Number(head.attention[i])) ** 2, 0),
        );
        expect(fitted).toBeLessThanOrEqual(official + 1e-12);
      }),
    );
  });

  it.each(['sign-alpha', 'elastic', 'group-superposition', 'decomposition'] as const)(
    'keeps a row of zeros: %s',
    (id) => {
      const zeros = [0, 0, 0];
      const head = headOfMap([zeros, [1, 0, 0], [0.2, 0.3, 0.5]]);
      for (const fit of FITS) expect(rowOf(attentionBinarizer(id).binarize(head, fit).values, 3, 0)).toEqual(zeros);
    },
  );
});
