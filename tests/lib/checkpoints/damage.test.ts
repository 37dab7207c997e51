import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { createRng, type Rng } from '@/lib/math/rng';
import { selectBackend, tf } from '@/lib/tf';
import { ConfigError } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';

/**
 * Files of every format, damaged in every place in turn: each is refused with a sentence, or it is a model all the same.
 */

type Damage = (file: Uint8Array, rng: Rng) => Uint8Array;

const read = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../golden/${name}`, import.meta.url))));

const SAFETENSORS = ['deit_micro.safetensors', 'official_bi_deit_micro.safetensors'].map(read);
/** Whose heads can be told from its shapes. */
const PTH = ['official_bi_deit_micro.pth'].map(read);

const pick = <T>(rng: Rng, choices: readonly T[]): T => choices[rng.integer(choices.length)] as T; // never empty here

/** One to four bytes anywhere in [start, end) become others. */
function scribble(file: Uint8Array, rng: Rng, start: number, end: number): Uint8Array {
  const copy = file.slice();
  const count = 1 + rng.integer(4);
  for (let i = 0; i < count; i++) copy[start + rng.integer(end - start)] = rng.integer(256);
  return copy;
}

function headerEnd(file: Uint8Array): number {
  return 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
}

/** Rewrites the header's text, and its length with it. */
function withHeader(file: Uint8Array, change: (header: string) => string): Uint8Array {
  const end = headerEnd(file);
  const header = new TextEncoder().encode(change(new TextDecoder().decode(file.subarray(8, end))));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return Uint8Array.from([...length, ...header, ...file.subarray(end)]);
}

/** Replaces one of the matches of a pattern, whichever. */
function replaceOne(text: string, pattern: RegExp, replacement: string, rng: Rng): string {
  const matches = [...text.matchAll(pattern)];
  const match = pick(rng, matches);
  return text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
}

function indexOfBytes(file: Uint8Array, pattern: readonly number[], from = 0): number {
  for (let at = from; at <= file.length - pattern.length; at++) {
    if (pattern.every((byte, i) => file[at + i] === byte)) return at;
  }
  throw new Error('the pattern is not in the file');
}

const HOSTILE_NUMBERS = ['-1', '0', '1', '7', '4096', '1e9', '9007199254740991', '1e308', 'null', '"8"', '[]', '0.5'];
const DTYPES = ['F64', 'F16', 'BF16', 'I64', 'I32', 'U8', 'BOOL', '', '__proto__', 'constructor', 'f32'];

const DAMAGES: readonly {
  readonly what: string;
  readonly count: number;
  readonly damage: Damage;
  readonly of: 's' | 'p';
}[] = [
  { what: 'safetensors header', count: 400, of: 's', damage: (file, rng) => scribble(file, rng, 0, headerEnd(file)) },
  {
    what: 'safetensors offsets and shapes',
    count: 300,
    of: 's',
    damage: (file, rng) =>
      withHeader(file, (text) => replaceOne(text, /(?<=[[,] ?)\d+(?=[\],])/g, pick(rng, HOSTILE_NUMBERS), rng)),
  },
  {
    what: 'safetensors dtypes',
    count: 200,
    of: 's',
    damage: (file, rng) => withHeader(file, (text) => replaceOne(text, /(?<="dtype": ?")\w+/g, pick(rng, DTYPES), rng)),
  },
  {
    what: 'zip directory',
    count: 400,
    of: 'p',
    damage: (file, rng) => scribble(file, rng, indexOfBytes(file, [0x50, 0x4b, 0x01, 0x02]), file.length),
  },
  {
    what: 'pickle opcodes',
    count: 500,
    of: 'p',
    damage: (file, rng) => {
      const start = indexOfBytes(file, [0x80, 0x02, 0x7d]); // protocol 2, an empty dictionary
      return scribble(file, rng, start, indexOfBytes(file, [0x50, 0x4b], start));
    },
  },
  {
    what: 'truncated safetensors',
    count: 150,
    of: 's',
    damage: (file, rng) => file.slice(0, rng.integer(file.length)),
  },
  { what: 'truncated pth', count: 150, of: 'p', damage: (file, rng) => file.slice(0, rng.integer(file.length)) },
  { what: 'safetensors payload', count: 200, of: 's', damage: (file, rng) => spoil(file, rng, headerEnd(file)) },
  { what: 'pth payload', count: 200, of: 'p', damage: (file, rng) => spoil(file, rng, 0) },
];

/** Writes numbers over the weights that no weight has: NaN, infinities, 1e38, all ones. */
function spoil(file: Uint8Array, rng: Rng, start: number): Uint8Array {
  const copy = file.slice();
  const at = start + 4 * rng.integer(Math.floor((file.length - start) / 4) - 4);
  new DataView(copy.buffer).setUint32(
    at,
    pick(rng, [0x7fc00000, 0x7f800000, 0xff800000, 0x7e967699, 0xffffffff, 0]),
    true,
  );
  return copy;
}

type Outcome = 'refused' | 'loaded';

/** @throws Error when it is neither refused with a sentence nor a model of finite numbers */
function tryToLoad(file: Uint8Array): Outcome {
  try {
    const memory = process.memoryUsage().arrayBuffers;
    const checkpoint = parseCheckpoint(file);
    const grown = process.memoryUsage().arrayBuffers - memory;
    if (grown > 3 * file.byteLength + 2 ** 16) throw new Error(`${file.byteLength} bytes became ${grown}`);
    const model = createModel(configOf(checkpoint), checkpoint.tensors);
    try {
      for (const [key, parameter] of model.parameters) {
        expect(parameter.shape, key).toEqual(checkpoint.tensors.get(key)?.shape);
        if (!parameter.dataSync().every(Number.isFinite)) throw new Error(`${key} is not finite`);
      }
    } finally {
      model.dispose();
    }
    return 'loaded';
  } catch (error) {
    if (!(error instanceof CheckpointError || error instanceof ConfigError)) throw error;
    expect(error.message).toMatch(/^[A-Z].{20,}\.$/s);
    return 'refused';
  }
}

describe('damaged checkpoints', () => {
  beforeAll(() => selectBackend('cpu'));

  it('whole ones load', () => {
    for (const file of [...SAFETENSORS, ...PTH]) expect(tryToLoad(file)).toBe('loaded');
  });

  const counts: string[] = [];
  it.each(DAMAGES)('$what: refused or loaded $count times, never anything else', ({ what, count, damage, of }) => {
    const files = of === 's' ? SAFETENSORS : PTH;
    const rng = createRng(what.length);
    const tensors = tf.memory().numTensors;
    const seen = { refused: 0, loaded: 0 };
    for (let i = 0; i < count; i++) {
      const file = damage(pick(rng, files), rng);
      seen[tryToLoad(file)]++;
    }
    counts.push(`${what}: ${seen.refused} refused, ${seen.loaded} loaded`);
    expect(seen.refused + seen.loaded).toBe(count);
    expect(seen.refused).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('all in all at least 2,000', () => {
    console.log(counts.join('\n'));
    expect(DAMAGES.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(2000);
    expect(counts).toHaveLength(DAMAGES.length);
  });
});
