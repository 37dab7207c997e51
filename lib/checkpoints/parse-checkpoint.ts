import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { looksLikePth, parsePth } from '@/lib/checkpoints/pth';
import { renameKeys, type Renamed } from '@/lib/checkpoints/rename-keys';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';

/**
 * A checkpoint out of either kind of file, told apart by how it begins and not by its name; under timm's names whoever wrote it.
 *
 * @throws CheckpointError
 */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint & Renamed {
  const { tensors, metadata } = looksLikePth(bytes) ? parsePth(bytes) : parseSafetensors(bytes);
  return { metadata, ...renameKeys(tensors) };
}
