/** What follows from an architecture's configuration alone; the page uses it, so no tfjs here. */
import type { OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { LayerShape } from '@/models/architectures/layer-shape';

export interface Architecture<Config extends CommonConfig> {
  readonly id: Config['architecture'];
  readonly label: string;
  /** The blocks with attention, in order. */
  readonly layersOf: (config: Config) => readonly LayerShape[];
  /** From image to logits, in the order of the forward. */
  readonly ops: (config: Config, bits: PartBits) => readonly OpCost[];
  /** `197 tokens, 192 wide, 12 deep, 3 heads` */
  readonly sizes: (config: Config) => string;
  /** Whether the tensors of a full-precision checkpoint fit any number of heads. */
  readonly leavesHeadsOpen: boolean;
  /** The same model with a distillation token and its head; `null` for an architecture without class tokens. */
  readonly distilled: ((config: Config) => Config) | null;
}
