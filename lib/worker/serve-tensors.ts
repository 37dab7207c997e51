/** What the engine needs of tfjs beyond the models' own mathematics. */
import { selectBackend, setWasmDirectory, tf, type SelectedBackend } from '@/lib/tf';
import type { BackendName } from '@/lib/worker/protocol';

export interface Tensors {
  readonly selectBackend: (preference: BackendName) => Promise<SelectedBackend>;
  readonly memory: () => { readonly memoryBytes: number; readonly tensors: number };
  /** Whether the graphics context behind the present backend is gone: it then answers nonsense, without an error. */
  readonly isContextLost: () => boolean;
}

/** @param wasmDirectory where the `.wasm` files lie; `null` where tfjs finds them itself (in Node) */
export function tfjsTensors(wasmDirectory: string | null): Tensors {
  let isFirst = true;
  return {
    selectBackend: (preference) => {
      if (isFirst && wasmDirectory !== null) setWasmDirectory(wasmDirectory);
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
