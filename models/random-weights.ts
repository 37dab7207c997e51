/** Untrained checkpoints for benchmarks and tests: the tensors that a model of a configuration reads, filled with random numbers. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { layoutKeys } from '@/lib/math/attention-layout';
import { createRng } from '@/lib/math/rng';
import { layersOf } from '@/models/architectures/configs';
import { implementationOf } from '@/models/architectures/implementations';
import type { ModelConfig } from '@/models/architectures/configs';
import { ParameterReader } from '@/models/parameter-reader';
import { QUANTIZATIONS } from '@/models/quantization';

/**
 * With the same seed, 'none' and 'bi-vit-elastic' have the same values under the keys that both have. An attention's alpha is twice the
 * mean share, so that about half the entries are kept.
 *
 * @param config its quantization is 'none' or 'bi-vit-elastic'
 */
export function randomWeights(config: ModelConfig, seed: number): Map<string, CheckpointTensor> {
  const keys = layersOf(config).map(({ layout }) => layoutKeys(layout));
  const tensors = new Map<string, CheckpointTensor>();
  for (const [key, shape] of shapesOf(config)) {
    const mean = key.endsWith('attn_act.alpha') ? 2 / (keys.shift() ?? NaN) : meanOf(key);
    const deviation = key.endsWith('.alpha') ? mean / 50 : deviationOf(key, shape);
    // Each tensor has its own generator, so its values do not depend on what else there is.
    const rng = createRng(seed * 1_000_003 + hashOf(key));
    const length = shape.reduce((product, n) => product * n, 1);
    tensors.set(key, {
      dtype: 'F32',
      shape,
      data: Float32Array.from({ length }, () => mean + deviation * rng.normal()),
    });
  }
  return tensors;
}

/** What the model reads, in its order. */
function shapesOf(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const reader = ParameterReader.of(new Map());
  const quantization = QUANTIZATIONS[config.quantization];
  implementationOf(config).read(reader, config, quantization, () => quantization);
  return reader.shapes;
}

function meanOf(key: string): number {
  if (key.endsWith('reduction.alpha')) return 0.02;
  return /norm[^.]*\.weight$|\.alpha$/.test(key) ? 1 : 0;
}

function deviationOf(key: string, [, ...inputs]: readonly number[]): number {
  if (inputs.length === 3 && key.endsWith('proj.weight'))
    return Math.sqrt(2 / inputs.reduce((product, n) => product * n));
  if (inputs.length === 1 && key.endsWith('.weight')) return 1 / Math.sqrt(inputs[0] ?? NaN);
  if (/norm|(?<!patch_embed\.proj)\.bias$/.test(key)) return 0.1;
  return 0.5; // tokens, positions
}

/** FNV-1a of a key's letters. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
