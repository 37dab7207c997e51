import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { looksLikePth, parsePth } from '@/lib/checkpoints/pth';
import { renameKeys, type Renamed } from '@/lib/checkpoints/rename-keys';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';

/** A checkpoint from either kind of file, recognized by its first bytes and not by its name, under timm's names. @throws CheckpointError */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint & Renamed {
  const { tensors, metadata } = looksLikePth(bytes) ? parsePth(bytes) : parseSafetensors(bytes);
  return { metadata, ...renameKeys(tensors) };
}
