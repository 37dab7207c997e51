import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { configOf } from '@/models/infer-config';
import { randomWeights } from '@/models/random-weights';
import { exportOnnx, INPUT_NAME, OUTPUT_NAME } from '@/scripts/onnx/export-onnx';

env.wasm.numThreads = 1;

const file = (name: string) => parseSafetensors(readFileSync(`tests/golden/${name}.safetensors`));

async function run(bytes: Uint8Array, images: Float32Array, shape: readonly number[]): Promise<readonly number[]> {
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const { [OUTPUT_NAME]: logits } = await session.run({ [INPUT_NAME]: new Tensor('float32', images, [...shape]) });
  await session.release();
  return Array.from(logits?.data as Float32Array);
}

describe('the ONNX export', () => {
  it.each(['deit_micro', 'swin_micro'])('gives PyTorch’s logits in onnxruntime for %s', async (name) => {
    const checkpoint = file(name);
    const golden = file(`${name}.golden`).tensors;
    const input = golden.get('input');
    const expected = golden.get('logits');
    const bytes = exportOnnx(configOf(checkpoint), checkpoint.tensors);
    const logits = await run(bytes, input?.data as Float32Array, input?.shape ?? []);
    const off = Array.from(expected?.data as Float32Array, (value, i) => Math.abs(value - (logits[i] ?? NaN)));
    expect(logits).toHaveLength(off.length);
    expect(Math.max(...off)).toBeLessThan(1e-4);
  });

  it('supports two heads and any batch size', async () => {
    const config = configOf(file('deit_micro'));
    if (config.architecture !== 'deit') throw new Error('deit_micro is not a DeiT');
    const bytes = exportOnnx({ ...config, distilled: true }, randomWeights({ ...config, distilled: true }, 1));
    const image = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));
    const one = await run(bytes, image, [1, 3, 32, 32]);
    const three = await run(bytes, Float32Array.from([...image, ...image, ...image]), [3, 3, 32, 32]);
    expect(three).toHaveLength(3 * one.length);
    three.forEach((value, i) => expect(value).toBeCloseTo(one[i % one.length] ?? NaN, 4));
  });

  it('rejects a binary model, and a checkpoint that lacks a tensor', () => {
    const { tensors } = file('deit_micro');
    const config = configOf(file('deit_micro'));
    expect(() => exportOnnx({ ...config, quantization: 'bi-vit' }, tensors)).toThrow(/no operations for "bi-vit"/);
    const fewer = new Map([...tensors].filter(([key]) => key !== 'norm.bias'));
    expect(() => exportOnnx(config, fewer)).toThrow('The checkpoint has no tensor "norm.bias".');
  });
});
