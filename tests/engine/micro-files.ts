/** The small checkpoints in `tests/golden`, whole, in part or spoilt, as files of their own. */
import { readFileSync } from 'node:fs';
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { bytesOf, writeSafetensors, type RawTensor } from '@/tests/lib/checkpoints/write-safetensors';

export type MicroName = 'deit_micro' | 'swin_micro' | 'official_bi_deit_micro' | 'official_bi_swin_micro';

export type Tensors = Map<string, CheckpointTensor>;

export function microBytes(name: MicroName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../golden/${name}.safetensors`, import.meta.url)));
}

/** With its configuration in the header, after `change`. */
export function changedFile(bytes: Uint8Array, change: (tensors: Tensors) => void): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = parseSafetensors(bytes);
  const changed = new Map(tensors);
  change(changed);
  return fileOf(changed, metadata.get('config') ?? '');
}

export function fileOf(tensors: ReadonlyMap<string, CheckpointTensor>, config: string): Uint8Array<ArrayBuffer> {
  return writeSafetensors(new Map([...tensors].map(([key, tensor]) => [key, raw(tensor)])), { config });
}

function raw({ dtype, shape, data }: CheckpointTensor): RawTensor {
  if (data instanceof Uint8Array) return { dtype, shape, bytes: bytesOf(data) };
  if (data instanceof Float32Array) return { dtype: 'F32', shape, bytes: bytesOf(data) };
  return { dtype, shape, bytes: bytesOf(BigInt64Array.from(data, BigInt)) };
}
