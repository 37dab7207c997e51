import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '@/lib/checkpoints/hash';
import { checkpointKey } from '@/lib/checkpoints/rename-keys';
import { bytesPerRow, packSigns, unpackSigns } from '@/lib/checkpoints/sign-bits';

describe('the names of a checkpoint', () => {
  it.each([
    ['clsToken', 'cls_token'],
    ['patchEmbed.proj.weight', 'patch_embed.proj.weight'],
    ['blocks.11.attn.qkv.weightBits', 'blocks.11.attn.qkv.weight_bits'],
    ['blocks.0.attn.normQ.bias', 'blocks.0.attn.norm_q.bias'],
    ['blocks.0.attn.attnAct.zeroPoint', 'blocks.0.attn.attn_act.zero_point'],
    ['blocks.0.mlp.fc1.weight', 'blocks.0.mlp.fc1.weight'],
    ['headDist.bias', 'head_dist.bias'],
  ])('%s is %s', (path, key) => {
    expect(checkpointKey(path)).toBe(key);
  });
});

describe('signs as bits', () => {
  it('lie least significant bit first, every row in bytes of its own', () => {
    const signs = Float32Array.of(1, -1, -1, 1, -1, -1, -1, -1, 1, /* next row */ -1, -1, -1, -1, -1, -1, -1, 1, -1);
    expect(packSigns(signs, 2, 9)).toEqual(Uint8Array.of(0b00001001, 0b1, 0b10000000, 0b0));
    expect(unpackSigns(Uint8Array.of(0b00001001, 0b1, 0b10000000, 0b0), 2, 9)).toEqual(signs);
  });

  it('come back as they were, whatever the padding', () => {
    const matrices = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.constant(rows),
          fc.constant(columns),
          fc.array(fc.boolean(), { minLength: rows * columns, maxLength: rows * columns }),
        ),
      );
    fc.assert(
      fc.property(matrices, ([rows, columns, positive]) => {
        const signs = Float32Array.from(positive, (p) => (p ? 1 : -1));
        const bits = packSigns(signs, rows, columns);
        expect(bits.length).toBe(rows * bytesPerRow(columns));
        expect(unpackSigns(bits, rows, columns)).toEqual(signs);
      }),
    );
  });

  it('count both zeros as +1, as our students do', () => {
    expect(packSigns(Float32Array.of(0, -0, -1e-30), 1, 3)).toEqual(Uint8Array.of(0b011));
  });
});

describe('the hash of a file', () => {
  it('is SHA-256 in hexadecimal', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
