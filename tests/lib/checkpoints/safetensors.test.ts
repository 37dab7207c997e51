import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { halfToNumber } from '@/lib/checkpoints/element-types';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { assemble, bytesOf, writeSafetensors, type RawTensor } from '@/tests/lib/checkpoints/write-safetensors';

function f32(shape: readonly number[], values: readonly number[]): RawTensor {
  return { dtype: 'F32', shape, bytes: bytesOf(Float32Array.from(values)) };
}

/** A file whose header is this object, with as many zero bytes behind it. */
function fileOf(header: unknown, bodyBytes = 0): Uint8Array {
  return assemble(JSON.stringify(header), [new Uint8Array(bodyBytes)]);
}

const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const files = fc
  .dictionary(fc.string({ maxLength: 12 }), shapes, { maxKeys: 6 })
  .map((dictionary) => new Map(Object.entries(dictionary).filter(([key]) => key !== '__metadata__')))
  .map((entries) => {
    const tensors = new Map<string, RawTensor>();
    for (const [key, shape] of entries) {
      const length = shape.reduce((product, n) => product * n, 1);
      tensors.set(
        key,
        f32(
          shape,
          Array.from({ length }, (_, i) => i - 1.5),
        ),
      );
    }
    return tensors;
  });

describe('a safetensors file', () => {
  it('gives back what was written, under any names', () => {
    fc.assert(
      fc.property(files, fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (tensors, metadata) => {
        const parsed = parseSafetensors(writeSafetensors(tensors, metadata));
        expect([...parsed.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        expect(new Map(parsed.metadata)).toEqual(new Map(Object.entries(metadata)));
        for (const [key, { shape, bytes }] of tensors) {
          const tensor = parsed.tensors.get(key);
          expect(tensor?.shape).toEqual(shape);
          expect(bytesOf(tensor?.data as Float32Array)).toEqual(bytes);
        }
      }),
    );
  });

  it('reads the same from a Buffer of Node that starts in the middle of its memory', () => {
    const file = writeSafetensors(
      new Map([
        ['a', f32([2], [1, 2])],
        ['b', f32([1], [3])],
      ]),
    );
    const pool = Buffer.concat([Buffer.from([9]), file]).subarray(1);
    expect(parseSafetensors(pool).tensors.get('b')).toEqual({ dtype: 'F32', shape: [1], data: Float32Array.of(3) });
  });

  it('reads half, bfloat16, bytes and 64-bit integers as numbers', () => {
    const { tensors } = parseSafetensors(
      writeSafetensors(
        new Map<string, RawTensor>([
          ['half', { dtype: 'F16', shape: [4], bytes: bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff)) }],
          ['brain', { dtype: 'BF16', shape: [3], bytes: bytesOf(Uint16Array.of(0x3f80, 0xc040, 0xff7f)) }],
          ['bytes', { dtype: 'U8', shape: [2], bytes: Uint8Array.of(7, 255) }],
          ['long', { dtype: 'I64', shape: [2], bytes: bytesOf(BigInt64Array.of(-5n, 2n ** 53n - 1n)) }],
        ]),
      ),
    );
    expect(tensors.get('half')?.data).toEqual(Float32Array.of(1, -2, 2 ** -24, 65504));
    expect(tensors.get('brain')?.data).toEqual(Float32Array.of(1, -3, -3.3895313892515355e38));
    expect(tensors.get('bytes')?.data).toEqual(Uint8Array.of(7, 255));
    expect(tensors.get('long')?.data).toEqual(Float64Array.of(-5, 2 ** 53 - 1));
  });

  it('knows infinities, NaN and both zeros of half precision', () => {
    expect([0x7c00, 0xfc00, 0x7e00, 0x0000].map(halfToNumber)).toEqual([Infinity, -Infinity, NaN, 0]);
    expect(Object.is(halfToNumber(0x8000), -0)).toBe(true);
  });

  it('takes "__proto__" for a name like any other', () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"__proto__":"x"}}';
    const { tensors, metadata } = parseSafetensors(assemble(header, [Uint8Array.of(5)]));
    expect(tensors.get('__proto__')?.data).toEqual(Uint8Array.of(5));
    expect(metadata.get('__proto__')).toBe('x');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('dtype' in {}).toBe(false);
  });

  const f = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(0), /shorter than its own header/],
    [
      'claims a header of 2^63 bytes',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128),
      /header claims 9223372036854775808 bytes/,
    ],
    ['ends inside its header', assemble('{"a":1}').subarray(0, 12), /ends before its header/],
    ['has a header that is not JSON', assemble('{"a":'), /not JSON/],
    ['has a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff), /not JSON/],
    ['has an array for a header', assemble('[]'), /not an object/],
    ['has metadata that are not text', fileOf({ __metadata__: { config: 1 } }), /metadata "config" is not text/],
    ['has an entry that is not an object', fileOf({ a: null }), /"a" is not an object/],
    ['has a type that is not read', fileOf({ a: { ...f, dtype: 'F8_E4M3' } }, 4), /"F8_E4M3".*convert it/],
    ['has a type named as a method', fileOf({ a: { ...f, dtype: 'toString' } }, 4), /convert it/],
    ['has a negative size', fileOf({ a: { ...f, shape: [-1] } }, 4), /no usable shape/],
    ['has a fractional size', fileOf({ a: { ...f, shape: [0.5] } }, 4), /no usable shape/],
    ['has too many axes', fileOf({ a: { ...f, shape: Array(9).fill(1) } }, 4), /no usable shape/],
    ['has offsets beyond its end', fileOf({ a: f }, 3), /outside the file/],
    ['has offsets in the wrong order', fileOf({ a: { ...f, data_offsets: [4, 0] } }, 4), /outside the file/],
    ['has one offset only', fileOf({ a: { ...f, data_offsets: [0] } }, 4), /no usable offsets/],
    ['has a shape that is not its bytes', fileOf({ a: { ...f, shape: [2] } }, 4), /should take 8 bytes, not 4/],
    ['has sizes whose product overflows', fileOf({ a: { ...f, shape: [2 ** 52, 2 ** 52] } }, 4), /should take/],
    ['has tensors that overlap', fileOf({ a: f, b: { ...f, data_offsets: [3, 7] } }, 7), /"a" and "b" overlap/],
    [
      'holds an integer beyond 2^53',
      writeSafetensors(new Map([['n', { dtype: 'I64', shape: [1], bytes: bytesOf(BigInt64Array.of(2n ** 60n)) }]])),
      /beyond 2\^53/,
    ],
  ])('that %s is refused with a sentence', (_, file, message) => {
    expect(() => parseSafetensors(file)).toThrow(CheckpointError);
    expect(() => parseSafetensors(file)).toThrow(message);
  });

  it('that was damaged anywhere is refused, or read within its bounds', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(files, damage, fc.nat(), (tensors, changes, cut) => {
        const file = writeSafetensors(tensors, { config: '{}' });
        for (const [at, byte] of changes) file[at % file.length] = byte;
        const damaged = file.subarray(0, file.length - (cut % 3));
        try {
          for (const { shape, data } of parseSafetensors(damaged).tensors.values()) {
            expect(data.length).toBe(shape.reduce((product, n) => product * n, 1));
            expect(data.byteLength).toBeLessThanOrEqual(8 * damaged.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
