import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { BLOCK_LINEARS, parseLatents } from '@/models/families/latents';
import { FAMILY, STUDENT_IDS } from '@/tests/fashion-mnist';
import { CHECKPOINTS } from '@/scripts/node-engine';

const TEXT = readFileSync(`${CHECKPOINTS}/latents.json`, 'utf8');

/** A shipped tensor as floats. */
function floatsOf(data: ArrayBufferView): Float32Array {
  return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

describe('the histograms of latent weights', () => {
  it('cover every binary linear of every shipped student, and agree with its checkpoint', () => {
    const { students } = parseLatents(TEXT);
    for (const id of STUDENT_IDS) {
      const { tensors } = parseSafetensors(readFileSync(`${CHECKPOINTS}/${id}.safetensors`));
      const tensor = (key: string): ArrayBufferView => {
        const found = tensors.get(key);
        if (found === undefined) throw new Error(`${id} has no ${key}`);
        return found.data;
      };
      expect([...floatsOf(tensor('head.bias'))]).toEqual(students[id]?.headBias.map(Math.fround));
      expect(students[id]?.blocks).toHaveLength(FAMILY.layers);
      for (const [layer, block] of (students[id]?.blocks ?? []).entries()) {
        for (const linear of BLOCK_LINEARS) {
          const key = `blocks.${layer}.${linear === 'qkv' || linear === 'proj' ? 'attn' : 'mlp'}.${linear}`;
          const { count, counts, meanAbs, limit, insideShare } = block[linear];
          const { buffer, byteOffset, byteLength } = tensor(`${key}.weight_bits`);
          const bits = new Uint8Array(buffer, byteOffset, byteLength);
          // A row's scale is its mean |W|, and rows are alike in length: their mean is that of all weights.
          const scales = floatsOf(tensor(`${key}.weight_scale`));
          expect(meanAbs).toBeCloseTo(scales.reduce((sum, s) => sum + s, 0) / scales.length, 6);
          expect(count).toBe(8 * bits.length);
          // Weights above 0 have the bit 1; the bins meet at 0, and hardly any weight is 0 itself.
          const ones = bits.reduce((sum, byte) => sum + bitsOf(byte), 0);
          expect(counts.slice(counts.length / 2).reduce((sum, each) => sum + each, 0)).toBe(ones);
          if (limit <= 1) expect(insideShare).toBe(1);
        }
      }
    }
  });

  it.each([
    ['not JSON', '<!doctype html>'],
    ['counts that do not add up', TEXT.replace('"count":12288', '"count":12289')],
  ])('are refused with %s', (_, text) => {
    expect(() => parseLatents(text)).toThrow();
  });
});

function bitsOf(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
