/** What the worker asks of an architecture. */
import type * as z from 'zod/mini';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { Untold } from '@/models/architectures/tensor-shapes';
import type { Parts, QuantizationOfLayer } from '@/models/model';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Quantization } from '@/models/quantization';

export interface Implementation<Config extends CommonConfig> {
  readonly id: Config['architecture'];
  /** Checks a configuration from a file. */
  readonly schema: z.ZodMiniType<Config>;
  /**
   * @param quantization of what is not a block, such as patch merging
   * @param ofLayer that of each block that attends, counted from 0
   * @throws CheckpointError
   */
  readonly read: (
    reader: ParameterReader,
    config: Config,
    quantization: Quantization,
    ofLayer: QuantizationOfLayer,
  ) => Parts;
  /** Whether a checkpoint without a configuration is one, by the names of its tensors. */
  readonly isOf: (checkpoint: Checkpoint) => boolean;
  /** Its configuration by its shapes, to be checked. @throws CheckpointError, UntoldHeadsError */
  readonly infer: (checkpoint: Checkpoint, untold: Untold) => Record<string, unknown>;
}
