/** The models that the bench runs, each in two forms of one shape: full precision and binary. */
import { ARCHITECTURES, type ArchitectureId } from '@/models/published';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL } from '@/lib/accounting/precision';
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { packSigns } from '@/lib/checkpoints/sign-bits';
import { createRng } from '@/lib/math/rng';
import type { ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { randomWeights } from '@/models/random-weights';

export const SUBJECT_IDS = ['deit_tiny', 'family', 'deit_small', 'swin_tiny'] as const;
export type SubjectId = (typeof SUBJECT_IDS)[number];

export const SUBJECT_NAMES: { readonly [Id in SubjectId]: string } = {
  deit_tiny: 'DeiT-Tiny, 197 tokens',
  family: 'embedded family (28 x 28, 50 tokens)',
  deit_small: 'DeiT-Small, 197 tokens',
  swin_tiny: 'Swin-Tiny',
};

/** Files of the embedded family, in `models/families/fashion-mnist`. */
const FAMILY = { real: 'teacher.safetensors', binary: 'bi-vit.safetensors' } as const;
const SEED = 1;

export interface Form {
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

export interface Subject {
  readonly real: Form;
  readonly binary: Form;
  /** Where the weights come from. */
  readonly weights: string;
}

/** @param checkpoint the bytes of a file of `models/families/fashion-mnist` */
export async function loadSubject(
  id: SubjectId,
  checkpoint: (file: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Subject> {
  if (id === 'family') {
    const [real, binary] = await Promise.all([FAMILY.real, FAMILY.binary].map(checkpoint));
    if (real === undefined || binary === undefined) throw new Error('a file of the family is missing');
    return { real: formOf(real), binary: formOf(binary), weights: `${FAMILY.real}, ${FAMILY.binary}` };
  }
  return {
    real: realForm(id),
    binary: binaryForm({ ...ARCHITECTURES[id].config, quantization: 'bi-vit-elastic' }),
    weights: `made up from seed ${SEED}`,
  };
}

/** Of full precision, with weights from the seed. */
export function realForm(id: ArchitectureId): Form {
  const config: ModelConfig = { ...ARCHITECTURES[id].config, quantization: 'none' };
  return { config, tensors: randomWeights(config, SEED) };
}

/** Multiply-accumulates of one image, in all products of matrices. */
export function macsOf({ config }: Form): number {
  return countCost(config, ALL_REAL).total.macs;
}

/** Standard normal pixels, the same for every contestant. [B, channels, size, size] */
export function imagesFor({ config: { inChannels, imageSize } }: Form, batch: number): Float32Array<ArrayBuffer> {
  const rng = createRng(SEED);
  return Float32Array.from({ length: batch * inChannels * imageSize ** 2 }, () => rng.normal());
}

function formOf(bytes: Uint8Array): Form {
  const checkpoint = parseSafetensors(bytes);
  return { config: configOf(checkpoint), tensors: checkpoint.tensors };
}

/** Linears as bits and scales, as they are shipped: then the float path need not take signs anew with every forward. */
function binaryForm(config: ModelConfig): Form {
  const shipped = new Map<string, CheckpointTensor>();
  for (const [key, tensor] of randomWeights(config, SEED)) {
    const [, linear] = /^(.*\.(?:attn\.(?:qkv|proj)|mlp\.fc[12]))\.(?:weight|bias)$/.exec(key) ?? [];
    if (linear === undefined) shipped.set(key, tensor);
    else if (key.endsWith('.weight') && tensor.data instanceof Float32Array) {
      const [rows = 0, columns = 0] = tensor.shape;
      const bits = packSigns(tensor.data, rows, columns);
      shipped.set(`${linear}.weight_bits`, { dtype: 'U8', shape: [rows, Math.ceil(columns / 8)], data: bits });
      shipped.set(`${linear}.weight_scale`, { dtype: 'F32', shape: [rows], data: meanSizes(tensor.data, rows) });
    }
  }
  return { config, tensors: shipped };
}

/** mean |w| of each row. */
function meanSizes(weights: Float32Array, rows: number): Float32Array {
  const columns = weights.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    const values = weights.subarray(row * columns, (row + 1) * columns);
    return values.reduce((sum, value) => sum + Math.abs(value), 0) / columns;
  });
}
