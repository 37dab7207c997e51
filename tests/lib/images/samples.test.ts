import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grey28ToRaster, toGrey28 } from '@/lib/images/grey28';
import {
  FASHION_MNIST_CLASSES,
  IdxError,
  imageAt,
  joinSamples,
  parseIdxImages,
  parseIdxLabels,
} from '@/lib/images/samples';

function idx(shape: readonly number[], values: ArrayLike<number>, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, type);
  view.setUint8(3, shape.length);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

const sides = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));

describe('an IDX file', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(sides, fc.nat(), ([count, height, width], seed) => {
        const values = Uint8Array.from(
          { length: count * height * width },
          (_, i) => (Math.imul(i + 1, seed | 1) >>> 8) & 255,
        );
        const images = parseIdxImages(idx([count, height, width], values));
        expect({ ...images, data: Array.from(images.data) }).toEqual({
          count,
          height,
          width,
          data: Array.from(values),
        });
        for (let i = 0; i < count; i += 1) {
          expect(imageAt(images, i)).toEqual(values.subarray(i * height * width, (i + 1) * height * width));
        }
        expect(() => imageAt(images, count)).toThrow(RangeError);
      }),
    );
  });

  it('must be exactly as long as its header says', () => {
    const good = idx([2, 3, 3], new Uint8Array(18));
    expect(() => parseIdxImages(good.subarray(0, -1))).toThrow(IdxError);
    expect(() => parseIdxImages(Uint8Array.from([...good, 0]))).toThrow(IdxError);
    expect(() => parseIdxImages(idx([65_536, 65_536, 65_536], []))).toThrow(IdxError);
  });

  it('must be of unsigned bytes and the right number of axes', () => {
    expect(() => parseIdxImages(idx([2, 3, 3], new Uint8Array(18), 9))).toThrow(/magic/);
    expect(() => parseIdxImages(idx([18], new Uint8Array(18)))).toThrow(/magic/);
    expect(() => parseIdxLabels(idx([2, 3, 3], new Uint8Array(18)))).toThrow(/magic/);
  });

  it('throws an IdxError or parses, on any bytes', () => {
    const beginning = fc.constantFrom<number[]>([], [0, 0, 8, 3], [0, 0, 8, 1], [0, 0, 8, 3, 0, 0, 0, 1]);
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 60 }), (start, rest) => {
        for (const parse of [parseIdxImages, parseIdxLabels]) {
          try {
            parse(Uint8Array.from([...start, ...rest]));
          } catch (error) {
            expect(error).toBeInstanceOf(IdxError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('samples', () => {
  const images = parseIdxImages(idx([2, 1, 2], [1, 2, 3, 4]));

  it('join images and labels', () => {
    const labels = parseIdxLabels(idx([2], [9, 0]));
    expect(joinSamples(images, labels)).toEqual([
      { index: 0, label: 9, bytes: Uint8Array.of(1, 2) },
      { index: 1, label: 0, bytes: Uint8Array.of(3, 4) },
    ]);
  });

  it('need as many labels as images, each with a class', () => {
    expect(() => joinSamples(images, Uint8Array.of(1))).toThrow(IdxError);
    expect(() => joinSamples(images, Uint8Array.of(1, 10))).toThrow(IdxError);
  });

  it('have ten classes', () => {
    expect(new Set(FASHION_MNIST_CLASSES).size).toBe(10);
    expect(FASHION_MNIST_CLASSES[9]).toBe('Ankle boot');
  });
});

describe('the shipped test images', () => {
  const read = (name: string): Uint8Array =>
    readFileSync(`models/families/fashion-mnist/samples/fashion-mnist-1000-${name}-ubyte`);
  const samples = joinSamples(parseIdxImages(read('images-idx3')), parseIdxLabels(read('labels-idx1')));

  it('are a hundred of each class', () => {
    const counts = new Array<number>(10).fill(0);
    for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual(new Array<number>(10).fill(100));
  });

  it('come through the way of a photo unchanged, and turned back when they are inverted', () => {
    for (const { bytes } of samples) {
      const kept = toGrey28(grey28ToRaster(bytes));
      const turned = toGrey28(grey28ToRaster(bytes.map((value) => 255 - value)));
      expect([kept.inverted, turned.inverted]).toEqual([false, true]);
      expect(Buffer.compare(kept.bytes, bytes)).toBe(0);
      expect(Buffer.compare(turned.bytes, bytes)).toBe(0);
    }
  });
});
