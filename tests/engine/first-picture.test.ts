import { beforeAll, describe, expect, it } from 'vitest';
import { decodeFirstPicture, encodeFirstPicture, type FirstPicture } from '@/engine/first-picture';
import { DISTORTION } from '@/analyses/attention/protocol';
import { MODEL_IDS, STUDENT_IDS } from '@/tests/fashion-mnist';
import { makeFirstPicture } from '@/scripts/build-trace';
import { createNodeEngine, startWithFamily } from '@/scripts/node-engine';

/** What the page downloads before it draws. */
const MOST_BYTES = 700_000;
const TOLERANCE = 1e-4;
const TRACED = ['teacher', 'bi-vit'] as const;

async function pictureOn(backend: 'wasm' | 'cpu'): Promise<FirstPicture> {
  const engine = createNodeEngine();
  await startWithFamily(engine, backend);
  return makeFirstPicture(engine);
}

describe('the first picture', () => {
  let live: FirstPicture;
  beforeAll(async () => {
    live = await pictureOn('wasm');
  });

  it('comes back from its file as it went in, to the last bit', async () => {
    expect(await decodeFirstPicture(encodeFirstPicture(live))).toEqual(live);
  });

  it('is small enough to be first', () => {
    expect(encodeFirstPicture(live).length).toBeLessThan(MOST_BYTES);
  });

  it('holds what the first view shows: all logits and distortions, the traces of teacher and default student', () => {
    expect(live).toMatchObject({ familyId: 'fashion-mnist', imageKey: 'sample-9', label: 9 });
    expect(live.bytes).toHaveLength(784);
    expect(Object.keys(live.exploration.logits)).toEqual([...MODEL_IDS]);
    expect(live.answers.map(({ id, request }) => [id, request])).toEqual(
      STUDENT_IDS.map((studentId) => [DISTORTION.id, { studentId }]),
    );
    expect(Object.keys(live.exploration.traces)).toEqual(['teacher', 'bi-vit']);
  });

  it('is what a live engine gives to the same sample', async () => {
    const shown = await decodeFirstPicture(encodeFirstPicture(live));
    const again = await pictureOn('wasm');
    for (const id of MODEL_IDS) {
      expect(largest(shown.exploration.logits[id], again.exploration.logits[id])).toBeLessThan(TOLERANCE);
    }
    for (const id of TRACED) {
      const layers = shown.exploration.traces[id]?.layers ?? [];
      expect(layers).toHaveLength(4);
      layers.forEach((layer, i) => {
        const same = again.exploration.traces[id]?.layers[i];
        expect(largest(layer.scores, same?.scores)).toBeLessThan(TOLERANCE);
        expect(largest(layer.attention, same?.attention)).toBeLessThan(TOLERANCE);
        if (layer.attentionBinary === null) expect(same?.attentionBinary).toBeNull();
        else expect(layer.attentionBinary).toEqual(same?.attentionBinary);
      });
    }
    expect(shown.answers).toEqual(again.answers);
  });

  it('is nearly the same on another backend: what flips there are at ties, and they are reported', async () => {
    const other = await pictureOn('cpu');
    expect(largest(live.exploration.logits.teacher, other.exploration.logits.teacher)).toBeLessThan(TOLERANCE);
    const flips = (live.exploration.traces['bi-vit']?.layers ?? []).map(({ attentionBinary }, i) => {
      const same = other.exploration.traces['bi-vit']?.layers[i]?.attentionBinary ?? null;
      if (attentionBinary === null || same === null) return Infinity;
      return attentionBinary.filter((value, j) => value > 0 !== (same[j] ?? 0) > 0).length;
    });
    if (flips.some((count) => count > 0))
      console.warn(`cpu against wasm, flips in each layer of 10,000: ${flips.join(', ')}`);
    expect(flips).toHaveLength(4);
    // One sign at a tie may turn some of those after it; more than this would be another computation.
    for (const count of flips) expect(count).toBeLessThan(100);
  });

  it('is refused when its file is damaged', async () => {
    const file = encodeFirstPicture(live);
    await expect(decodeFirstPicture(file.slice(0, file.length / 2))).rejects.toThrow();
    await expect(decodeFirstPicture(new TextEncoder().encode('<!doctype html>'))).rejects.toThrow();
  });
});

/** max |a - b|; infinite where one is missing or NaN. */
function largest(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length || a.length === 0) return Infinity;
  return a.reduce((max, value, i) => {
    const difference = Math.abs(value - (b[i] ?? Number.NaN));
    return Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  }, 0);
}
