/** The registry of architectures as plain data. A new one takes a folder, a line here and a line in `implementations.ts`. */
import type { OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import type { Architecture } from '@/models/architectures/architecture';
import type { CommonConfig } from '@/models/architectures/common-config';
import { DEIT } from '@/models/architectures/deit/architecture';
import type { LayerShape } from '@/models/architectures/layer-shape';
import { SWIN } from '@/models/architectures/swin/architecture';

const ARCHITECTURES = [DEIT, SWIN] as const;

type ConfigOf<A> = A extends Architecture<infer Config> ? Config : never;

/** A union on `architecture`. */
export type ModelConfig = ConfigOf<(typeof ARCHITECTURES)[number]>;

export const ARCHITECTURE_NAMES: readonly string[] = ARCHITECTURES.map(({ id }) => id);

type AnyArchitecture = Architecture<CommonConfig>;

/** `null` where there is none of that name. */
export function architectureNamed(name: unknown): AnyArchitecture | null {
  // Each only ever receives configurations that name it.
  return (ARCHITECTURES as readonly unknown[] as readonly AnyArchitecture[]).find(({ id }) => id === name) ?? null;
}

export function architectureOf({ architecture }: ModelConfig): AnyArchitecture {
  const found = architectureNamed(architecture);
  if (found === null) throw new TypeError(`no architecture ${architecture}`);
  return found;
}

export const layersOf = (config: ModelConfig): readonly LayerShape[] => architectureOf(config).layersOf(config);

/** From image to logits, in the order of the forward. */
export const opsOf = (config: ModelConfig, bits: PartBits): readonly OpCost[] =>
  architectureOf(config).ops(config, bits);

/** With a distillation token and its head, as in Bi-ViT's code; `null` for an architecture without class tokens. */
export const distilledForm = (config: ModelConfig): ModelConfig | null =>
  (architectureOf(config).distilled?.(config) ?? null) as ModelConfig | null;
