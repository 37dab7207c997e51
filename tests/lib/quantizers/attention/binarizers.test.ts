/** What holds for every attention binarizer in the registry. Each one's definition is in its own test file. */
import { existsSync } from 'node:fs';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import type { AttentionHead } from '@/lib/quantizers/attention/binarizer';
import { ATTENTION_BINARIZERS, attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { BINARIZER_IDS, BINARIZER_RECORDS } from '@/lib/quantizers/attention/records';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import {
  applyFitted,
  expectClose,
  FITS,
  gradientOf,
  headOfMap,
  headsOf,
  HEADS,
  randomHead,
  randomMaps,
  rowOf,
  TOKENS,
} from './heads';

describe('the records', () => {
  it('are complete, and no two are called the same', () => {
    for (const { id, equation, source, passNote, bits } of BINARIZER_RECORDS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(bits).toBeGreaterThanOrEqual(1);
      expect(source, id).toMatch(/arXiv \d{4}\.\d{4,5}/);
      expect(katex.renderToString(equation, { throwOnError: true, strict: 'error' })).toContain('katex');
      if (passNote !== null) expect(passNote).toMatch(/^[A-Z].*\.$/);
    }
    for (const field of ['id', 'name', 'short', 'menu', 'phrase'] as const) {
      const texts = BINARIZER_RECORDS.map((record) => record[field]);
      expect(texts.every((text) => text.length > 3)).toBe(true);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it('have code under the same id, and a test of their definition', () => {
    expect(ATTENTION_BINARIZERS.map(({ id }) => id)).toEqual(BINARIZER_IDS);
    for (const id of BINARIZER_IDS) expect(existsSync(new URL(`./${id}.test.ts`, import.meta.url)), id).toBe(true);
  });
});

describe('on one head', () => {
  it.each(BINARIZER_RECORDS)('$id has as many levels as its bits hold', ({ id, bits, binarizes, wholeLevels }) => {
    for (const fit of FITS) {
      for (let seed = 1; seed <= 8; seed++) {
        const { values } = attentionBinarizer(id).binarize(randomHead(seed), fit);
        expect(values.every(Number.isFinite)).toBe(true);
        if (binarizes === 'attention') expect(new Set(values).size).toBeLessThanOrEqual(2 ** bits);
        if (wholeLevels === null) continue;
        expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= wholeLevels)).toBe(true);
      }
    }
  });

  it.each(BINARIZER_IDS)('%s refuses what is no head', (id) => {
    const good = randomHead(1, 3, 2);
    const zeros = [0, 0, 0];
    const bad: readonly AttentionHead[] = [
      { ...good, attention: [...good.attention].fill(NaN, 0, 1) },
      { ...good, scores: [...good.scores].fill(Infinity, 0, 1) },
      { ...good, q: [...good.q].fill(NaN, 0, 1) },
      { ...good, attention: [...good.attention].fill(-0.1, 0, 1) },
      { ...good, tokens: 2 },
      { ...good, k: [...good.k].slice(1) },
      { ...good, q: [], k: [] },
      headOfMap([zeros, zeros, zeros]),
    ];
    for (const head of bad)
      for (const fit of FITS) expect(() => attentionBinarizer(id).binarize(head, fit)).toThrow(RangeError);
  });

  it.each(BINARIZER_RECORDS.filter(({ binarizes }) => binarizes === 'attention'))(
    '$id has a curve through its own rows, whose share inside is the rows’ mean pass share',
    ({ id }) => {
      const head = randomHead(3);
      const { passShare, parameters } = attentionBinarizer(id).binarize(head, 'official');
      const sketch = attentionBinarizer(id).sketch?.(head, null);
      if (sketch === undefined) throw new Error('no curve');
      const mean = Array.from({ length: head.tokens }, (_, i) => passShare(i)).reduce((a, b) => a + b) / head.tokens;
      expect(sketch.insideShare).toBeCloseTo(mean, 12);
      expect(sketch.shown).toEqual(expect.arrayContaining([...parameters]));
      expect([...sketch.marks, ...[...head[sketch.reads]].map(sketch.forward)].every(Number.isFinite)).toBe(true);
    },
  );
});

const WITH_TENSORS = ATTENTION_BINARIZERS.filter(({ apply }) => apply !== undefined).map(({ id }) => id);

describeOnEachBackend('on tensors', () => {
  it.each(WITH_TENSORS)('%s equals its whole-head form, forward and in which entries pass a gradient', (id) => {
    for (const fit of FITS) {
      for (const seed of [1, 2, 3]) {
        tf.tidy(() => {
          const maps = randomMaps(seed);
          const apply = applyFitted(id, maps, fit);
          const heads = headsOf(maps).map((head) => attentionBinarizer(id).binarize(head, fit));
          expectClose(
            apply().value.dataSync(),
            heads.flatMap(({ values }) => [...values]),
          );
          const slopes = [maps.attention, maps.scores]
            .map((x) => gradientOf(apply, tf.onesLike(maps.scores), x))
            .find((gradient) => gradient.some((slope) => slope !== 0));
          const passed = Array.from({ length: HEADS * TOKENS }, (_, row) =>
            rowOf(slopes ?? [], TOKENS, row).filter((slope) => slope !== 0),
          );
          expectClose(
            passed.map(({ length }) => length / TOKENS),
            heads.flatMap(({ passShare }) => Array.from({ length: TOKENS }, (_, i) => passShare(i))),
            12,
          );
        });
      }
    }
  });

  it.each(WITH_TENSORS)(
    '%s has scales per head over all pictures, and levels whose product with the scale is the value',
    (id) => {
      tf.tidy(() => {
        const maps = randomMaps(6, 2);
        const { value, levels } = applyFitted(id, maps, 'least-squares')();
        if (levels === null) throw new Error('no levels');
        expect(value.shape).toEqual(maps.attention.shape);
        expectClose(value.dataSync(), Array.from(tf.mul(levels.integers, levels.scale).dataSync()), 6);
        const unit = attentionBinarizer(id).unit(HEADS);
        if (!('scales' in unit)) throw new Error('no scales');
        for (const scale of Object.values(unit.scales)) expect(scale).toHaveLength(HEADS);
      });
    },
  );

  it.each(BINARIZER_IDS)('%s leaves no tensor behind', (id) => {
    const maps = randomMaps(1);
    const before = tf.memory().numTensors;
    for (const fit of FITS) {
      attentionBinarizer(id).fit(maps, fit);
      if (WITH_TENSORS.includes(id))
        tf.tidy(() => void gradientOf(applyFitted(id, maps, fit), tf.onesLike(maps.scores), maps.scores));
    }
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([maps.attention, maps.scores, maps.q, maps.k]);
  });
});
