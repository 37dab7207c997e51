/** One suite over both backends that run in Node. */
import { beforeAll, describe } from 'vitest';
import { selectBackend, setWasmDirectory, type BackendName } from '@/lib/tf';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

setWasmDirectory(WASM_DIRECTORY);

export const NODE_BACKENDS = ['cpu', 'wasm'] as const satisfies readonly BackendName[];

export function describeOnEachBackend(title: string, suite: (backend: (typeof NODE_BACKENDS)[number]) => void): void {
  describe.each(NODE_BACKENDS)(`${title} (%s)`, (backend) => {
    beforeAll(async () => {
      const { backend: started, reason } = await selectBackend(backend);
      if (started !== backend) throw new Error(reason);
    });
    suite(backend);
  });
}
