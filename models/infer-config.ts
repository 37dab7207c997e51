/** The configuration of a checkpoint: what its header says, or what its tensors' shapes tell. */
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { implementationFor } from '@/models/architectures/implementations';
import type { Untold } from '@/models/architectures/tensor-shapes';
import { parseConfig, type ModelConfig } from '@/models/config';

/**
 * @param checkpoint under timm's names
 * @throws ConfigError when the configuration in the header, or the one that the shapes give, cannot be used
 * @throws UntoldHeadsError when heads are needed that neither the file nor `untold` tells
 * @throws CheckpointError when there is none in the header and the tensors are of no architecture known here
 */
export function configOf(checkpoint: Checkpoint, untold: Untold = {}): ModelConfig {
  const json = checkpoint.metadata.get('config');
  return parseConfig(json ?? JSON.stringify(implementationFor(checkpoint).infer(checkpoint, untold)));
}
