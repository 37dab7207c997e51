/** The families that ship with the app: one line each. The first is the one that it opens with. */
import type { ModelFamily } from '@/models/families/family';
import { FASHION_MNIST } from '@/models/families/fashion-mnist/family';

export const EMBEDDED_FAMILIES: readonly [ModelFamily, ...ModelFamily[]] = [FASHION_MNIST];

export const DEFAULT_FAMILY: ModelFamily = EMBEDDED_FAMILIES[0];

export function embeddedFamily(id: string): ModelFamily | null {
  return EMBEDDED_FAMILIES.find((family) => family.id === id) ?? null;
}
