import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureDistances } from '@/analyses/attention-distance/compute';
import { FAMILY, MODEL_IDS } from '@/tests/fashion-mnist';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

let family: Family = new Map();
beforeAll(async () => {
  family = await startFamily();
});
afterAll(() => closeFamily(family));

const [, , , , , , , , , sample] = openSamples();

/** Straight from the definition, in floats. */
function slowly(attention: Float32Array, head: number): number {
  const { tokens, gridSide, patchSize } = FAMILY;
  let sum = 0;
  for (let query = 1; query < tokens; query++) {
    let mass = 0;
    let far = 0;
    for (let key = 1; key < tokens; key++) {
      const weight = attention[(head * tokens + query) * tokens + key] ?? NaN;
      const x = ((query - 1) % gridSide) - ((key - 1) % gridSide);
      const y = Math.floor((query - 1) / gridSide) - Math.floor((key - 1) / gridSide);
      mass += weight;
      far += weight * patchSize * Math.sqrt(x * x + y * y);
    }
    sum += far / mass;
  }
  return sum / (tokens - 1);
}

describe('the attention distances of the family', () => {
  it('are those of the definition, for every member, layer and head', async () => {
    if (sample === undefined) throw new Error('no sample');
    const context = contextOf<never>(family, imageOf(sample));
    const { members, flat } = await measureDistances({}, context as never);
    expect(Object.keys(members)).toEqual(MODEL_IDS);
    for (const id of ['teacher', 'bi-vit']) {
      const { layers } = await context.trace(id, { gradients: false, lossClass: 'predicted' });
      for (const [layer, { attention }] of layers.entries())
        for (let head = 0; head < FAMILY.heads; head++)
          expect(members[id]?.attention[layer]?.[head]?.value).toBeCloseTo(slowly(attention, head), 4);
    }
    expect(members.teacher?.attentionBinary).toBeNull();
    expect(members['bi-vit']?.attentionBinary).toHaveLength(FAMILY.layers);
    expect(flat).toHaveLength(FAMILY.layers);
    expect(flat[0]).toBeCloseTo(slowly(new Float32Array(FAMILY.tokens ** 2).fill(1), 0), 4);
  });
});
