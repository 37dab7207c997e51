import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { looksLikePth, parsePth } from '@/lib/checkpoints/pth';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';

/**
 * A checkpoint out of either kind of file, told apart by how it begins and not by its name.
 *
 * @throws CheckpointError
 */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint {
  return looksLikePth(bytes) ? parsePth(bytes) : parseSafetensors(bytes);
}
