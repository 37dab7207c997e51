/** What the bench's page and its worker say to each other. */
import type { PlaceReport } from '@/scripts/bench/run-runtime';

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly report: Omit<PlaceReport, 'place'> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Where the bench's server has things. */
export const PATHS = {
  worker: '/bundle/worker.js',
  kernels: '/kernels/',
  tfjs: '/tfjs/',
  ort: '/ort/',
  checkpoints: '/checkpoints/',
  onnx: '/onnx/',
} as const;
