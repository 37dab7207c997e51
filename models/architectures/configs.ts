/** All architectures, as the page knows them: a new one is its folder, a line here and one in `implementations.ts`. */
import type { OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import type { Architecture, CommonConfig } from '@/models/architectures/architecture';
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
  // Each is asked only about configurations that name it.
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
