/** What a checkpoint holds, and what of it a model here takes. */
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import type { Renamed } from '@/lib/checkpoints/rename-keys';
import type { CheckpointReport } from '@/lib/worker/backbone';
import { parameterCount, type ModelParts } from '@/lib/worker/serve-family';
import type { Model } from '@/models/model';

/** Of a model that stands. */
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

/** Makes the model, and lets go of it. @throws CheckpointError, ConfigError */
export function inspectCheckpoint(
  parts: Pick<ModelParts, 'configOf' | 'createModel'>,
  bytes: Uint8Array,
  { numHeads }: { readonly numHeads: number | null },
): CheckpointReport {
  const checkpoint = parseCheckpoint(bytes);
  const config = parts.configOf(checkpoint, numHeads === null ? {} : { numHeads });
  const model = parts.createModel(config, checkpoint.tensors);
  try {
    return reportOf(checkpoint, model);
  } finally {
    model.dispose();
  }
}
