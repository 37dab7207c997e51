import type { CommonConfig } from '@/models/architectures/common-config';

/** Of the hidden layer. */
export function mlpHiddenSize({ embedDim, mlpRatio }: Pick<CommonConfig, 'embedDim' | 'mlpRatio'>): number {
  return Math.floor(embedDim * mlpRatio);
}
