import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint, CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { tf } from '@/lib/tf';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';
import { checkParity, type ParityReport } from '@/models/parity';
import { describe as describeReport, summarize } from '@/scripts/parity/report';
import { registerFastKernels } from '@/tests/lib/kernels/kernel-suite';
import { describeOnEachBackend } from '@/tests/models/backends';

function open(path: string): Checkpoint {
  return parseSafetensors(readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url))));
}

async function parityOf(checkpoint: Checkpoint, golden: Checkpoint): Promise<ParityReport> {
  const model = createModel(configOf(checkpoint), checkpoint.tensors);
  try {
    return await checkParity(model, golden);
  } finally {
    model.dispose();
  }
}

const MICROS = ['deit_micro', 'official_bi_deit_micro', 'swin_micro', 'official_bi_swin_micro'] as const;
const FAMILY = ['teacher', 'baseline', 'scaling', 'ranking', 'bi-vit'] as const;
const DEIT_TINY = '../shared/weights/deit_tiny_patch16_224.safetensors';
const DEIT_TINY_GOLDEN = '../shared/golden/deit_tiny_patch16_224.golden.safetensors';

describeOnEachBackend('parity with PyTorch', (backend) => {
  beforeAll(registerFastKernels);

  it.each(MICROS)(
    '%s agrees with every value and gradient of its golden, stage by stage and end to end',
    async (name) => {
      const golden = open(`tests/golden/${name}.golden.safetensors`);
      const before = tf.memory().numTensors;
      const report = await parityOf(open(`tests/golden/${name}.safetensors`), golden);
      expect(describeReport(report).filter((line) => /FAILS|NOT COMPARED/.test(line))).toEqual([]);
      expect(summarize(report)).toMatchObject({ ok: true, flips: 0 });
      // Everything in the golden was compared, in both passes.
      const expected = [...golden.tensors.keys()].filter((key) => key !== 'input' && key !== 'logits_cotangent').sort();
      expect([...new Set(report.stagewise.map(({ key }) => key))].sort()).toEqual(expected);
      expect([...new Set(report.endToEnd.map(({ key }) => key))].sort()).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(FAMILY)('the embedded %s agrees with its golden', async (name) => {
    const golden = `models/families/fashion-mnist/goldens/${name}.golden.safetensors`;
    const report = await parityOf(open(`models/families/fashion-mnist/${name}.safetensors`), open(golden));
    expect(describeReport(report).filter((line) => /FAILS|NOT COMPARED/.test(line))).toEqual([]);
    expect(summarize(report)).toMatchObject({ ok: true, flips: 0 });
    // The students also run on the packed kernels, which need the wasm backend.
    const keys = 'reason' in report.packed ? [] : report.packed.map(({ key }) => key);
    const isPacked = backend === 'wasm' && name !== 'teacher';
    expect(keys.filter((key) => key.endsWith('.attention_binary'))).toHaveLength(isPacked ? 4 : 0);
    expect(keys.includes('logits')).toBe(isPacked);
  });
});

describe('parity of a damaged model', () => {
  const checkpoint = open('tests/golden/official_bi_deit_micro.safetensors');
  const golden = open('tests/golden/official_bi_deit_micro.golden.safetensors');

  function withTensor(source: Checkpoint, key: string, change: (data: Float32Array) => Float32Array): Checkpoint {
    const tensor = source.tensors.get(key);
    if (tensor?.dtype !== 'F32') throw new Error(`no floats under ${key}`);
    const changed: CheckpointTensor = { ...tensor, data: change(tensor.data) };
    return { ...source, tensors: new Map(source.tensors).set(key, changed) };
  }

  it('fails where a weight is off, at its stage', async () => {
    const off = withTensor(checkpoint, 'blocks.1.mlp.fc2.weight', (data) => data.map((w) => w * 1.001));
    const report = await parityOf(off, golden);
    expect(summarize(report).ok).toBe(false);
    const failing = report.stagewise.filter(({ ok }) => !ok).map(({ key }) => key);
    expect(failing).toContain('blocks.1.output');
    expect(failing.filter((key) => !key.includes('blocks.1.'))).toEqual([]);
  });

  it('counts flipped signs', async () => {
    const key = 'blocks.0.q_binary';
    const flipped = withTensor(golden, key, (data) => data.map((value, i) => (i < 3 ? value + 10 : value)));
    const report = await parityOf(checkpoint, flipped);
    expect(report.stagewise.find((comparison) => comparison.key === key)).toMatchObject({ ok: false, flips: 3 });
  });

  it('fails where the golden has a gradient that the model lacks', async () => {
    const key = 'grad.blocks.0.attn.qkv.bias';
    const extra: CheckpointTensor = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
    const report = await parityOf(checkpoint, { ...golden, tensors: new Map(golden.tensors).set(key, extra) });
    expect(report.uncompared).toEqual([key]);
    expect(summarize(report).ok).toBe(false);
  });
});

describe('the command', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/parity.ts', ...args], { encoding: 'utf8' });
  const micro = (name: string): string => `tests/golden/${name}.safetensors`;

  it('exits with one line of JSON and status 0 within tolerance', () => {
    const { status, stdout } = run(micro('official_bi_deit_micro'), micro('official_bi_deit_micro.golden'));
    expect(status).toBe(0);
    const summary: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(summary).toMatchObject({ ok: true, flips: 0 });
    expect(Object.keys(summary as object)).toEqual(['ok', 'logits', 'stages', 'gradients', 'flips']);
  });

  it('exits with status 1 when a weight is off', () => {
    const file = readFileSync(micro('deit_micro'));
    file.writeFloatLE(5, file.length - 4);
    const folder = mkdtempSync(join(tmpdir(), 'parity-'));
    const path = join(folder, 'off.safetensors');
    writeFileSync(path, file);
    const { status, stdout } = run(path, micro('deit_micro.golden'), '--backend', 'cpu');
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ ok: false });
  });

  it('exits with status 2 and a sentence when the files cannot be used', () => {
    const other = run(micro('deit_micro'), micro('official_bi_deit_micro.golden'));
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toMatch(/golden is of another model/);
    expect(run().stderr).toMatch(/^Usage: npm run parity/);
  });
});

const deitTinyIsHere = [DEIT_TINY, DEIT_TINY_GOLDEN].every((path) =>
  existsSync(new URL(`../../${path}`, import.meta.url)),
);
const why = deitTinyIsHere ? '' : ' (skipped: ../shared with the real weights is not here)';

describeOnEachBackend(`the real DeiT-Tiny${why}`, () => {
  it.skipIf(!deitTinyIsHere)('gives its golden logits, attention and block outputs for the first photo', async () => {
    const golden = open(DEIT_TINY_GOLDEN);
    const firstPhoto = new Map([...golden.tensors].map(([key, tensor]) => [key, first(tensor)]));
    const report = await parityOf(open(DEIT_TINY), { ...golden, tensors: firstPhoto });
    const summary = summarize(report);
    expect(summary.ok).toBe(true);
    expect(summary.logits).toBeLessThan(1e-3);
    expect(Object.keys(summary.stages)).toEqual(
      expect.arrayContaining([0, 5, 11].flatMap((i) => [`blocks.${i}.attention`, `blocks.${i}.output`])),
    );
  });
});

/** The first image of a batch. */
function first(tensor: CheckpointTensor): CheckpointTensor {
  if (!(tensor.data instanceof Float32Array)) return tensor;
  const [batch = 1, ...rest] = tensor.shape;
  return { dtype: 'F32', shape: [1, ...rest], data: tensor.data.slice(0, tensor.data.length / batch) };
}
