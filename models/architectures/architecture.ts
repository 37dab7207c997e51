/** What the page asks of an architecture: everything follows from its configuration, without tfjs. */
import type * as z from 'zod/mini';
import type { OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import type { LayerShape } from '@/models/architectures/layer-shape';
import type { QuantizationName } from '@/models/quantization';

/** What every configuration holds. */
export interface CommonConfig {
  readonly architecture: string;
  readonly quantization: QuantizationName;
  /** Side of the square input, pixels. */
  readonly imageSize: number;
  /** Side of a square patch, pixels; divides `imageSize`. */
  readonly patchSize: number;
  readonly inChannels: number;
  /** C of the first block. */
  readonly embedDim: number;
  readonly mlpRatio: number;
  readonly numClasses: number;
  readonly normEps: number;
}

export interface Architecture<Config extends CommonConfig> {
  /** As `config.architecture` says it. */
  readonly id: Config['architecture'];
  readonly label: string;
  /** Checks a configuration from a file. */
  readonly schema: z.ZodMiniType<Config>;
  /** The blocks that attend, in order. */
  readonly layersOf: (config: Config) => readonly LayerShape[];
  /** From image to logits, in the order of the forward. */
  readonly ops: (config: Config, bits: PartBits) => readonly OpCost[];
  /** Its sizes in short: `192 wide, 12 deep, 3 heads`. */
  readonly sizes: (config: Config) => string;
  /** Whether a full-precision checkpoint's shapes leave the number of heads open. */
  readonly leavesHeadsOpen: boolean;
}
