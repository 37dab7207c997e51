import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { selectBackend, tf } from '@/lib/tf';
import { compareWithGolden } from '@/engine/compare-golden';
import { inspectCheckpoint } from '@/engine/inspect-checkpoint';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`../golden/${name}`, import.meta.url)));
const noStep = () => Promise.resolve();

beforeAll(() => selectBackend('cpu'));

describe('a checkpoint against its golden', () => {
  it.each(['official_bi_deit_micro', 'official_bi_swin_micro'])(
    'the official %s.pth gives PyTorch’s logits, without a sign that flips',
    async (name) => {
      const before = tf.memory().numTensors;
      const report = await compareWithGolden(file(`${name}.pth`), file(`${name}.golden.safetensors`), noStep);
      expect(report.logitsMaxError).toBeLessThan(1e-4);
      expect(report.images).toBeGreaterThan(0);
      const flips = report.rows.filter((row) => row.flips !== null);
      expect(flips.length).toBeGreaterThan(3);
      expect(flips.every((row) => row.flips === 0)).toBe(true);
      expect(report.rows.every(({ maxError }) => maxError < 1e-4)).toBe(true);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('says where a checkpoint is not the golden’s', async () => {
    const spoilt = file('deit_micro.safetensors');
    // The last tensor's last float: another weight of the same model.
    new DataView(spoilt.buffer).setFloat32(spoilt.length - 4, 3, true);
    const report = await compareWithGolden(spoilt, file('deit_micro.golden.safetensors'), noStep);
    expect(Math.max(report.logitsMaxError, ...report.rows.map(({ maxError }) => maxError))).toBeGreaterThan(1e-3);
  });

  it('refuses a second file that is no golden, and one of another model, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const checkpoint = file('deit_micro.safetensors');
    await expect(compareWithGolden(checkpoint, checkpoint, noStep)).rejects.toThrow(CheckpointError);
    await expect(compareWithGolden(checkpoint, file('swin_micro.golden.safetensors'), noStep)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what a checkpoint holds', () => {
  it('is told with what is used and what is not, and why', () => {
    const report = inspectCheckpoint(file('official_bi_deit_micro.pth'), { numHeads: null });
    expect(report.isBinary).toBe(true);
    expect(report.config.architecture).toBe('deit');
    expect(report.ignored.map(({ key }) => key)).toContain('blocks.0.attn.qkv.bias');
    expect(report.ignored.every(({ why }) => /\.$/.test(why))).toBe(true);
    expect(report.used).toBeGreaterThan(20);
    expect(report.missing).toEqual([]);
  });
});
