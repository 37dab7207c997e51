import { FULL_PRECISION, PRECISION_BITS, type Precision, type PrecisionCurve } from '@/analyses/precision/protocol';
import { describe, expect, it } from 'vitest';
import { answerLines, largestChange } from '@/analyses/precision/answers';
import {
  cliffOf,
  cliffSentences,
  curveValues,
  shownPoints,
  trainingSentence,
} from '@/analyses/precision/curve-numbers';
import { CURVE_LINES, CURVE_SETTINGS, placesOf, PRESETS, settingAt } from '@/analyses/precision/precision-settings';

describe('the settings of the curve', () => {
  it('are every width of every line, full precision once and first', () => {
    const names = CURVE_SETTINGS.map((setting) => JSON.stringify(setting));
    expect(CURVE_SETTINGS[0]).toEqual(FULL_PRECISION);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(1 + CURVE_LINES.length * (PRECISION_BITS.length - 1));
    for (const line of CURVE_LINES)
      for (const bits of PRECISION_BITS) expect(CURVE_SETTINGS).toContainEqual(settingAt(line, bits));
  });

  it('lie on their lines: full precision on all four, a mixture on none', () => {
    expect(placesOf(FULL_PRECISION)).toHaveLength(4);
    expect(placesOf({ weights: 32, activations: 32, attention: 1 })).toEqual([{ line: 'attention', bits: 1 }]);
    expect(placesOf({ weights: 8, activations: 4, attention: 1 })).toEqual([]);
    for (const { precision } of PRESETS) expect(placesOf(precision).length).toBeGreaterThan(0);
  });
});

describe('the lines of the curve', () => {
  const point = (precision: Precision, share: number) => ({ precision, share, images: 100 });

  it('share full precision and have gaps where nothing is measured', () => {
    const values = curveValues([point(FULL_PRECISION, 0.9), point(settingAt('attention', 2), 0.5)]);
    expect(values.weights).toEqual([null, null, null, null, null, 0.9]);
    expect(values.attention).toEqual([null, 0.5, null, null, null, 0.9]);
    expect(values.all.at(-1)).toBe(0.9);
  });

  it('keep an accuracy of 0 apart from a missing one', () => {
    expect(curveValues([point(settingAt('all', 1), 0)]).all[0]).toBe(0);
  });
});

describe('the points while more are measured', () => {
  const curve = (count: number, images: number): PrecisionCurve => ({
    compared: 'labels',
    points: CURVE_SETTINGS.slice(0, count).map((precision) => ({ precision, share: 0.5, images })),
  });

  it('are those of the present question as they come', () => {
    expect(shownPoints(null, curve(3, 100))).toEqual({ points: curve(3, 100).points, isEarlier: false });
    expect(shownPoints(curve(21, 100), null).points).toHaveLength(21);
    expect(shownPoints(null, null).points).toEqual([]);
  });

  it('stay those of an earlier one over as many images while that knows more, and are never mixed with others', () => {
    expect(shownPoints(curve(21, 100), curve(3, 100))).toEqual({ points: curve(21, 100).points, isEarlier: true });
    expect(shownPoints(curve(21, 100), curve(21, 100)).isEarlier).toBe(false);
    expect(shownPoints(curve(21, 100), curve(3, 1000)).points).toHaveLength(3);
    expect(shownPoints(curve(21, 100), { points: [], compared: 'labels' }).points).toEqual([]);
  });
});

describe('a cliff', () => {
  it('is the steepest fall between neighbouring widths', () => {
    expect(cliffOf([0.1, 0.4, 0.8, 0.88, 0.9, 0.9])).toEqual({ from: 3, to: 2, before: 0.8, after: 0.4 });
    expect(cliffOf([0.2, 0.9, 0.9, 0.9, 0.9, 0.9])).toEqual({ from: 2, to: 1, before: 0.9, after: 0.2 });
    expect(cliffOf([0.1, 0.1, 0.1, 0.1, 0.1, 0.9])).toEqual({ from: 32, to: 8, before: 0.9, after: 0.1 });
  });

  it('is none where no step falls by ten points, also when the line rises', () => {
    expect(cliffOf([0.82, 0.85, 0.88, 0.9, 0.9, 0.9])).toBe('none');
    expect(cliffOf([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])).toBe('none');
  });

  it('is not known while any point is missing', () => {
    for (const gap of PRECISION_BITS.keys())
      expect(cliffOf(PRECISION_BITS.map((_, index) => (index === gap ? null : index / 10)))).toBeNull();
  });

  it('is told for each line, the three together first', () => {
    const flat = PRECISION_BITS.map(() => 0.9);
    const [all, attention, activations, weights] = cliffSentences({
      weights: [null, ...flat.slice(1)],
      activations: flat,
      attention: [0.42, ...flat.slice(1)],
      all: [0.1, 0.1, 0.2, 0.85, 0.9, 0.9],
    });
    expect(all).toBe('All three together: the cliff is between 4 bits and 3 bits, where 85\u202f% become 20\u202f%.');
    expect(attention).toBe('Only attention: the cliff is between 2 bits and 1 bit, where 90\u202f% become 42\u202f%.');
    expect(activations).toBe('Only activations: no cliff, 90\u202f% are left at 1 bit.');
    expect(weights).toBe('Only weights: n/a until all its points are measured.');
  });

  it('is set against what training reaches, or n/a', () => {
    expect(trainingSentence(0.1, [0.7068, 0.8332, 0.71])).toContain('reach 70.7\u202f% to 83.3\u202f%');
    expect(trainingSentence(null, [0.7])).toContain('n/a');
  });
});

describe('the answers of the dial', () => {
  const classNames = ['Shirt', 'Bag'];
  const full = Float32Array.of(2, 0);
  const dialled = Float32Array.of(0, 1);

  it('say both predictions, right or wrong where the truth is known', () => {
    const [predicted, probability, ofTrue, change] = answerLines(full, dialled, { trueClass: 0, classNames });
    expect(predicted).toMatchObject({ full: 'Shirt ✓', dialled: 'Bag ✗' });
    expect(probability?.full).toBe('88.1\u202f%'); // 1 / (1 + e^-2)
    expect(ofTrue).toMatchObject({ name: 'probability of Shirt', dialled: '26.9\u202f%' }); // 1 / (1 + e)
    expect(change?.dialled).toBe('2');
  });

  it('watch what full precision sees where nobody knows the truth', () => {
    const [predicted, , watched] = answerLines(full, dialled, { trueClass: null, classNames });
    expect(predicted?.full).toBe('Shirt');
    expect(watched?.name).toBe('probability of Shirt');
  });

  it('change by exactly 0 at full precision, and by n/a where a logit is no number', () => {
    expect(largestChange(full, full)).toBe(0);
    expect(largestChange(full, Float32Array.of(NaN, 0))).toBeNull();
    expect(answerLines(full, Float32Array.of(NaN, 0), { trueClass: 0, classNames })[0]?.dialled).toBe('n/a');
  });
});
