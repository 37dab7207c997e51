/** What the bench's page and its worker send each other. */
import type { RuntimeReport } from '@/scripts/bench/run-contests';

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly report: Omit<RuntimeReport, 'runtime'> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Paths on the bench's server. */
export const PATHS = {
  bundle: '/bundle/',
  kernels: '/kernels/',
  tfjs: '/tfjs/',
  ort: '/ort/',
  checkpoints: '/checkpoints/',
  onnx: '/onnx/',
} as const;
