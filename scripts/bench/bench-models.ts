/** The models that the bench runs, each in full precision and binary. */
import { ALL_REAL } from '@/lib/accounting/precision';
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { packSigns } from '@/lib/checkpoints/sign-bits';
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { createRng } from '@/lib/math/rng';
import { countCost } from '@/models/accounting/count-cost';
import type { ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { ARCHITECTURES, type ArchitectureId } from '@/models/published';
import { randomWeights } from '@/models/random-weights';

export const BENCH_MODELS = {
  deit_tiny: 'DeiT-Tiny, 197 tokens',
  family: 'embedded family (28 x 28, 50 tokens)',
  deit_small: 'DeiT-Small, 197 tokens',
  swin_tiny: 'Swin-Tiny',
} as const;
export type BenchModelId = keyof typeof BENCH_MODELS;
export const BENCH_MODEL_IDS = Object.keys(BENCH_MODELS) as readonly BenchModelId[];

const SEED = 1;

/** A model's configuration and tensors. */
export interface Weights {
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

export interface BenchModel {
  readonly fullPrecision: Weights;
  readonly binary: Weights;
  /** Where the weights come from. */
  readonly source: string;
}

/** @param checkpoint reads a file of `models/families/fashion-mnist` */
export async function loadBenchModel(
  id: BenchModelId,
  checkpoint: (file: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<BenchModel> {
  if (id === 'family') {
    const read = async (file: string): Promise<Weights> => {
      const parsed = parseSafetensors(await checkpoint(file));
      return { config: configOf(parsed), tensors: parsed.tensors };
    };
    return {
      fullPrecision: await read('teacher.safetensors'),
      binary: await read('bi-vit.safetensors'),
      source: 'teacher.safetensors, bi-vit.safetensors',
    };
  }
  return {
    fullPrecision: randomFullPrecision(id),
    binary: randomBinary({ ...ARCHITECTURES[id].config, quantization: 'bi-vit-elastic' }),
    source: `random from seed ${SEED}`,
  };
}

export function randomFullPrecision(id: ArchitectureId): Weights {
  const config: ModelConfig = { ...ARCHITECTURES[id].config, quantization: 'none' };
  return { config, tensors: randomWeights(config, SEED) };
}

/** Linear layers stored as bits and scales, as a trained student ships, so that the float path need not take signs in every forward. */
function randomBinary(config: ModelConfig): Weights {
  const shipped = new Map<string, CheckpointTensor>();
  for (const [key, tensor] of randomWeights(config, SEED)) {
    const [, linear] = /^(.*\.(?:attn\.(?:qkv|proj)|mlp\.fc[12]))\.(?:weight|bias)$/.exec(key) ?? [];
    if (linear === undefined) shipped.set(key, tensor);
    else if (key.endsWith('.weight') && tensor.data instanceof Float32Array) {
      const { data } = tensor;
      const [rows = 0, columns = 0] = tensor.shape;
      const scale = Float32Array.from({ length: rows }, (_, row) =>
        meanMagnitude(data.subarray(row * columns, (row + 1) * columns)),
      );
      const bits = packSigns(data, rows, columns);
      shipped.set(`${linear}.weight_bits`, { dtype: 'U8', shape: [rows, Math.ceil(columns / 8)], data: bits });
      shipped.set(`${linear}.weight_scale`, { dtype: 'F32', shape: [rows], data: scale });
    }
  }
  return { config, tensors: shipped };
}

/** Multiply-accumulates of one image, in all matrix products. */
export function macsOf({ config }: Weights): number {
  return countCost(config, ALL_REAL).total.macs;
}

/** Standard normal pixels, the same for every contestant. [B, channels, size, size] */
export function imagesFor({ config: { inChannels, imageSize } }: Weights, batch: number): Float32Array<ArrayBuffer> {
  const rng = createRng(SEED);
  return Float32Array.from({ length: batch * inChannels * imageSize ** 2 }, () => rng.normal());
}
