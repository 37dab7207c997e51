/** Checks a model's configuration from a file: `__metadata__.config` of a checkpoint. */
import { ARCHITECTURE_NAMES, type ModelConfig } from '@/models/architectures/configs';
import { implementationNamed } from '@/models/architectures/implementations';

export type { ModelConfig };

/** The message is a sentence for whoever opened the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * @param json unknown keys are dropped
 * @throws ConfigError when it is not JSON, names an unknown architecture or quantization, or has excessive sizes
 */
export function parseConfig(json: string): ModelConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ConfigError('The configuration in the file is not valid JSON; export the checkpoint again.');
  }
  const known = ARCHITECTURE_NAMES.map((name) => `"${name}"`);
  if (typeof value !== 'object' || value === null || !('architecture' in value)) {
    throw new ConfigError(
      `The configuration in the file names no "architecture"; this version runs ${known.join(' and ')}.`,
    );
  }
  const architecture = implementationNamed(value.architecture);
  if (architecture === null) {
    const name = JSON.stringify(value.architecture)?.slice(0, 40);
    throw new ConfigError(
      `The architecture ${name} is not one this version runs; choose a ${known.join(' or ')} checkpoint.`,
    );
  }
  const result = architecture.schema.safeParse(value);
  if (!result.success) {
    const reasons = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration in the file cannot be used (${reasons.join('; ')}).`);
  }
  return result.data as ModelConfig; // passed the architecture's own schema
}
