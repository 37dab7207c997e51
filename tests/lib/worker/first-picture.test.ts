import { beforeAll, describe, expect, it } from 'vitest';
import { decodeFirstPicture, encodeFirstPicture, type FirstPicture } from '@/lib/worker/first-picture';
import { DEFAULT_SAMPLE_INDEX, DEFAULT_STUDENT, MODEL_IDS, STUDENT_IDS } from '@/lib/worker/protocol';
import { makeFirstPicture, readSamples } from '@/scripts/build-trace';
import { createNodeEngine } from '@/scripts/node-engine';

/** What the page downloads before it draws. */
const MOST_BYTES = 700_000;
const TOLERANCE = 1e-4;

async function pictureOn(backend: 'wasm' | 'cpu'): Promise<FirstPicture> {
  const engine = createNodeEngine();
  await engine.start({ basePath: '', backend }, () => {});
  return makeFirstPicture(engine, await readSamples());
}

describe('the first picture', () => {
  let live: FirstPicture;
  beforeAll(async () => {
    live = await pictureOn('wasm');
  });

  it('comes back from its file as it went in, to the last bit', () => {
    expect(decodeFirstPicture(encodeFirstPicture(live))).toEqual(live);
  });

  it('is small enough to be first', () => {
    expect(encodeFirstPicture(live).length).toBeLessThan(MOST_BYTES);
  });

  it('holds what the first view shows: all logits and distortions, the traces of teacher and default student', () => {
    expect(live.index).toBe(DEFAULT_SAMPLE_INDEX);
    expect(live.bytes).toHaveLength(784);
    expect(Object.keys(live.exploration.logits)).toEqual([...MODEL_IDS]);
    expect(Object.keys(live.exploration.distortions)).toEqual([...STUDENT_IDS]);
    expect(Object.keys(live.exploration.traces)).toEqual(['teacher', DEFAULT_STUDENT]);
  });

  it('is the same on another backend: within 1e-4, and no sign flips', async () => {
    const other = await pictureOn('cpu');
    for (const id of MODEL_IDS)
      expect(largest(live.exploration.logits[id], other.exploration.logits[id])).toBeLessThan(TOLERANCE);
    for (const id of ['teacher', DEFAULT_STUDENT] as const) {
      const layers = live.exploration.traces[id]?.layers ?? [];
      expect(layers).toHaveLength(4);
      layers.forEach((layer, i) => {
        const same = other.exploration.traces[id]?.layers[i];
        expect(largest(layer.scores, same?.scores)).toBeLessThan(TOLERANCE);
        expect(largest(layer.attention, same?.attention)).toBeLessThan(TOLERANCE);
        // A level is alpha apart from the next: half of the smallest alpha here would be seen.
        if (layer.attentionBinary !== null) {
          expect(largest(layer.attentionBinary, same?.attentionBinary ?? undefined)).toBeLessThan(TOLERANCE);
        }
      });
    }
  });

  it('is refused when its file is damaged', () => {
    const file = encodeFirstPicture(live);
    expect(() => decodeFirstPicture(file.slice(0, file.length / 2))).toThrow();
    expect(() => decodeFirstPicture(new TextEncoder().encode('<!doctype html>'))).toThrow();
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
