/** For tests about DeiTs alone. */
import type { DeitConfig } from '@/models/architectures/deit/config';
import type { ModelConfig } from '@/models/config';

export function deitOnly(config: ModelConfig): DeitConfig {
  if (config.architecture !== 'deit') throw new Error(`a ${config.architecture}`);
  return config;
}
