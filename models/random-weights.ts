/** Checkpoints made up from a seed, under the keys and shapes of a configuration: for clocks and tests, where no training is needed. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { implementationOf } from '@/models/architectures/implementations';
import type { ModelConfig } from '@/models/config';
import { RandomTensors } from '@/models/random-tensors';

export function randomWeights(config: ModelConfig, seed: number): Map<string, CheckpointTensor> {
  const maker = new RandomTensors(config.quantization !== 'none', seed);
  implementationOf(config).makeRandom(maker, config);
  return maker.tensors;
}
