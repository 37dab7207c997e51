/** The configuration of a checkpoint: from its header, or from the shapes of its tensors. */
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { implementationFor } from '@/models/architectures/implementations';
import type { Untold } from '@/models/architectures/tensor-shapes';
import { parseConfig, type ModelConfig } from '@/models/config';

/**
 * @param checkpoint under timm's names
 * @throws ConfigError when the configuration cannot be used
 * @throws UntoldHeadsError when neither the file nor `untold` gives the number of heads
 * @throws CheckpointError when the header has none and the tensors fit no architecture here
 */
export function configOf(checkpoint: Checkpoint, untold: Untold = {}): ModelConfig {
  const json = checkpoint.metadata.get('config');
  return parseConfig(json ?? JSON.stringify(implementationFor(checkpoint).infer(checkpoint, untold)));
}
