/** All architectures, as the worker runs them. The last one is what a checkpoint is taken for that no other knows. */
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { ModelConfig } from '@/models/architectures/configs';
import { DEIT } from '@/models/architectures/deit/implementation';
import type { Implementation } from '@/models/architectures/implementation';
import { SWIN } from '@/models/architectures/swin/implementation';

type AnyImplementation = Implementation<CommonConfig>;

// Each is asked only about configurations that name it.
const IMPLEMENTATIONS = [SWIN, DEIT] as readonly unknown[] as readonly AnyImplementation[];

export function implementationOf({ architecture }: ModelConfig): AnyImplementation {
  const found = implementationNamed(architecture);
  if (found === null) throw new TypeError(`no architecture ${architecture}`);
  return found;
}

/** `null` where there is none of that name. */
export function implementationNamed(name: unknown): AnyImplementation | null {
  return IMPLEMENTATIONS.find(({ id }) => id === name) ?? null;
}

/** By the names of its tensors. */
export function implementationFor(checkpoint: Checkpoint): AnyImplementation {
  const found = IMPLEMENTATIONS.find(({ isOf }) => isOf(checkpoint)) ?? IMPLEMENTATIONS.at(-1);
  if (found === undefined) throw new TypeError('no architectures');
  return found;
}
