import type { Exploration } from '@/lib/worker/protocol';

/** Every buffer that an exploration's traces stand on, each once: handed over to the page instead of copied. */
export function buffersOf({ traces }: Exploration): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const trace of Object.values(traces)) {
    for (const value of [trace.logits, ...trace.layers.flatMap((layer) => Object.values(layer))]) {
      // A shared buffer cannot be transferred, and needs no transfer.
      if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
    }
  }
  return [...buffers];
}
