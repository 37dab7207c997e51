/** What the engine needs of tfjs beyond the models' own mathematics. */
import { selectBackend, setWasmDirectory, tf, type SelectedBackend } from '@/lib/tf';
import type { BackendName } from '@/engine/protocol';

export interface Tensors {
  readonly selectBackend: (preference: BackendName, basePath: string) => Promise<SelectedBackend>;
  readonly memory: () => { readonly memoryBytes: number; readonly tensors: number };
  /** Whether the graphics context behind the present backend is gone: it then answers nonsense, without an error. */
  readonly isContextLost: () => boolean;
}

/** @param wasmDirectory where the `.wasm` files lie, given the base path */
export function tfjsTensors(wasmDirectory: (basePath: string) => string): Tensors {
  let isFirst = true; // tfjs looks for them once
  return {
    selectBackend: (preference, basePath) => {
      if (isFirst) setWasmDirectory(wasmDirectory(basePath));
      isFirst = false;
      return selectBackend(preference);
    },
    memory: () => {
      const { numBytes, numTensors } = tf.memory();
      return { memoryBytes: numBytes, tensors: numTensors };
    },
    isContextLost: () => webglContext()?.isContextLost() ?? false,
  };
}

/** tfjs's type of a backend does not show the context that the webgl one has. */
function webglContext(): WebGLRenderingContext | null {
  if (tf.getBackend() !== 'webgl') return null;
  const { gpgpu } = tf.backend() as { gpgpu?: { gl?: WebGLRenderingContext } };
  return gpgpu?.gl ?? null;
}
