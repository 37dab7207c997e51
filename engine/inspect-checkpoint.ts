/** What a checkpoint holds, and what of it a model here takes. */
import { MissingTensorsError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import type { Renamed } from '@/lib/checkpoints/rename-keys';
import type { CheckpointReport } from '@/engine/protocol';
import type { ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';

/** Weights that came as bits count like any others: eight in a byte. */
function parameterCount({ tensors }: Checkpoint, { parameters }: Model): number {
  const real = [...parameters.values()].reduce((sum, { size }) => sum + size, 0);
  const bytesOfBits = [...tensors].reduce(
    (sum, [key, { data }]) => sum + (key.endsWith('.weight_bits') ? data.length : 0),
    0,
  );
  return real + 8 * bytesOfBits;
}

/** Of a model that could be made. */
export function reportOf(checkpoint: Checkpoint & Pick<Renamed, 'ignored'>, model: Model): CheckpointReport {
  return {
    config: model.config,
    isBinary: model.config.quantization !== 'none',
    parameters: parameterCount(checkpoint, model),
    used: checkpoint.tensors.size - model.ignored.length,
    ignored: [...checkpoint.ignored, ...model.ignored],
    missing: [],
  };
}

/** Of a file with which nothing is wrong but that tensors are missing: no model can be made of it. */
function reportOfPart(
  checkpoint: Checkpoint & Pick<Renamed, 'ignored'>,
  config: ModelConfig,
  { missing, used, ignored }: MissingTensorsError,
): CheckpointReport {
  return {
    config,
    isBinary: config.quantization !== 'none',
    parameters: used.reduce((sum, key) => sum + parametersIn(checkpoint, key), 0),
    used: used.length,
    ignored: [...checkpoint.ignored, ...ignored],
    missing,
  };
}

/** As `parameterCount` has them: bits are eight in a byte, and their scales are none. */
function parametersIn({ tensors }: Checkpoint, key: string): number {
  const length = tensors.get(key)?.data.length ?? 0;
  if (key.endsWith('.weight_scale')) return 0;
  return key.endsWith('.weight_bits') ? 8 * length : length;
}

/**
 * Makes the model, and lets go of it; where tensors are missing, tells which.
 *
 * @throws CheckpointError, ConfigError for whatever else is wrong with the file
 */
export function inspectCheckpoint(
  bytes: Uint8Array,
  { numHeads }: { readonly numHeads: number | null },
): CheckpointReport {
  const checkpoint = parseCheckpoint(bytes);
  const config = configOf(checkpoint, numHeads === null ? {} : { numHeads });
  let model: Model;
  try {
    model = createModel(config, checkpoint.tensors);
  } catch (error) {
    if (error instanceof MissingTensorsError) return reportOfPart(checkpoint, config, error);
    throw error;
  }
  try {
    return reportOf(checkpoint, model);
  } finally {
    model.dispose();
  }
}
