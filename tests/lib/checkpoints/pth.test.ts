import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CheckpointError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { readPickle, type PickleHost, type PickleValue } from '@/lib/checkpoints/pickle';
import { parsePth } from '@/lib/checkpoints/pth';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';

function golden(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)));
}

function valuesOf(checkpoint: Checkpoint, key: string): { shape: readonly number[]; values: readonly number[] } {
  const tensor = checkpoint.tensors.get(key);
  if (tensor === undefined) throw new Error(`no ${key}`);
  return { shape: tensor.shape, values: [...tensor.data] };
}

const BASE = Array.from({ length: 12 }, (_, i) => i - 5.5); // [3, 4]

describe('a .pth file', () => {
  it.each(['deit_micro', 'official_bi_deit_micro', 'swin_micro', 'official_bi_swin_micro'])(
    'of %s holds exactly what its .safetensors holds',
    (name) => {
      const pth = parseCheckpoint(golden(`${name}.pth`));
      const safetensors = parseCheckpoint(golden(`${name}.safetensors`));
      expect([...pth.tensors.keys()].sort()).toEqual([...safetensors.tensors.keys()].sort());
      for (const [key, { shape, data }] of safetensors.tensors) {
        // Of a type of its own, perhaps: integers that the .safetensors holds as floats.
        expect(valuesOf(pth, key), key).toEqual({ shape, values: [...data] });
      }
    },
  );

  it('gives tensors of every type and stride row by row', () => {
    const checkpoint = parsePth(golden('pth/kinds.pth'));
    expect(valuesOf(checkpoint, 'float32')).toEqual({ shape: [3, 4], values: BASE });
    expect(valuesOf(checkpoint, 'parameter')).toEqual({ shape: [4], values: BASE.slice(0, 4) });
    const transposed = [0, 1, 2, 3].flatMap((column) => [0, 1, 2].map((row) => BASE[4 * row + column]));
    expect(valuesOf(checkpoint, 'transposed')).toEqual({ shape: [4, 3], values: transposed });
    expect(valuesOf(checkpoint, 'slice')).toEqual({ shape: [2, 2], values: [-1.5, 0.5, 2.5, 4.5] });
    expect(valuesOf(checkpoint, 'expanded')).toEqual({ shape: [3], values: [7, 7, 7] });
    expect(valuesOf(checkpoint, 'scalar')).toEqual({ shape: [], values: [2.5] });
    expect(valuesOf(checkpoint, 'empty')).toEqual({ shape: [0, 3], values: [] });
    expect(valuesOf(checkpoint, 'float64').values).toEqual(BASE.map((x) => Math.fround(x / 3)));
    valuesOf(checkpoint, 'float16').values.forEach((x, i) => expect(x).toBeCloseTo((BASE[i] ?? NaN) / 3, 2));
    valuesOf(checkpoint, 'bfloat16').values.forEach((x, i) => expect(x).toBeCloseTo((BASE[i] ?? NaN) / 3, 1));
    expect(valuesOf(checkpoint, 'int64').values).toEqual([-(2 ** 40), 0, 2 ** 40]);
    for (const type of ['int32', 'int16', 'int8']) expect(valuesOf(checkpoint, type).values).toEqual([-7, 7]);
    expect(valuesOf(checkpoint, 'uint8').values).toEqual([0, 255]);
    expect(valuesOf(checkpoint, 'bool').values).toEqual([1, 0]);
  });

  it('is found under "model" beside things that are no tensors, none of which is run', () => {
    const checkpoint = parsePth(golden('pth/nested.pth'));
    expect(checkpoint.tensors.size).toBe(16);
    expect(existsSync('/tmp/lens-was-here')).toBe(false);
  });

  it.each([
    ['legacy', /before version 1\.6/],
    ['no-tensors', /no dictionary of tensors/],
    ['compressed', /compressed again/],
  ])('that is %s is refused with a sentence', (name, sentence) => {
    expect(() => parsePth(golden(`pth/${name}.pth`))).toThrow(CheckpointError);
    expect(() => parsePth(golden(`pth/${name}.pth`))).toThrow(sentence);
  });

  it('is told apart from .safetensors by how it begins', () => {
    expect(parseCheckpoint(golden('deit_micro.safetensors')).metadata.has('config')).toBe(true);
    expect(() => parseSafetensors(golden('deit_micro.pth'))).toThrow(CheckpointError);
  });
});

describe('a pickle', () => {
  const host: PickleHost = { call: () => 'called', persistent: () => 'kept' };
  const read = (...bytes: number[]): PickleValue => readPickle(Uint8Array.from([0x80, 2, ...bytes, 0x2e]), host);
  const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

  it('has numbers of every width', () => {
    expect(read(0x4b, 200)).toBe(200); // BININT1
    expect(read(0x4d, 0, 1)).toBe(256); // BININT2
    expect(read(0x4a, 0xff, 0xff, 0xff, 0xff)).toBe(-1); // BININT
    expect(read(0x8a, 2, 0, 0x80)).toBe(-32768); // LONG1
    expect(read(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)).toBe(2n ** 64n);
    expect(read(0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)).toBe(1.5); // BINFLOAT
  });

  it('has lists, tuples and dictionaries, and what it remembers it has once', () => {
    expect(read(...letters('(K\x01K\x02t'))).toEqual([1, 2]);
    expect(read(...letters(']q\x00(K\x01K\x02e'))).toEqual([1, 2]);
    expect(read(...letters('}(X\x01\x00\x00\x00aK\x01u'))).toEqual(new Map([['a', 1]]));
    const twice = read(...letters('(]q\x00h\x00t')) as PickleValue[];
    expect(twice[0]).toBe(twice[1]);
  });

  it('calls nothing itself: what it names goes to its host', () => {
    expect(read(...letters('cos\nsystem\n(X\x02\x00\x00\x00lstR'))).toBe('called');
    expect(read(...letters('K\x07Q'))).toBe('kept');
  });

  it.each([
    ['ends too early', letters('X\xff\x00\x00\x00a')],
    ['takes from an empty stack', letters('a')],
    ['recalls what was never stored', letters('h\x05')],
    ['looks for a mark that is not there', letters('K\x01t')],
    ['appends to a number', letters('K\x01K\x02a')],
    ['has a key without a value', letters('}(K\x01u')],
    ['makes an instance by an instruction of old', letters('(ios\nsystem\n')],
    ['claims a number of a thousand bytes', [0x8b, 0xe8, 3, 0, 0]],
  ])('that %s is refused', (_what, bytes) => {
    expect(() => read(...bytes)).toThrow(CheckpointError);
  });

  it('that goes on for ever is stopped by its own length', () => {
    const marks = new Uint8Array(1_000_000).fill(0x28);
    expect(() => readPickle(marks, host)).toThrow(CheckpointError);
  });
});
