/**
 * The only door to tfjs: everything else imports `tf` from here, so that backends and gradients are registered exactly once.
 */
// The core comes first: registering gradients asks for its flags.
import * as tf from '@tensorflow/tfjs-core';
// For its side effect: every gradient, without which the core differentiates nothing. See `imports` in package.json: a bundler
// takes the core's own list; Node, which cannot load that one as a module, the whole of tfjs.
import '#tfjs-gradients';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export { tf };

export const BACKENDS = ['wasm', 'webgpu', 'webgl', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

export interface SelectedBackend {
  readonly backend: BackendName;
  /** A sentence: why this backend and not another. */
  readonly reason: string;
}

// Only silences the hint to install native bindings, which a browser app cannot use.
tf.enableProdMode();
// The threaded build breaks in a minified worker: `ReferenceError: a is not defined`, then it hangs.
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);

/** Where the `.wasm` files of tfjs lie, with a slash at the end; to be called before wasm is selected for the first time. */
export function setWasmDirectory(url: string): void {
  setWasmPaths(url);
}

/**
 * Starts the preferred backend, or the first of wasm and cpu that starts where it does not.
 *
 * @throws Error when not even cpu starts
 */
export async function selectBackend(preference: BackendName): Promise<SelectedBackend> {
  const candidates = [...new Set<BackendName>([preference, 'wasm', 'cpu'])];
  const failures: string[] = [];
  for (const backend of candidates) {
    const failure = await start(backend);
    if (failure === null) {
      const reason =
        failures.length === 0 ? `${backend} was chosen.` : `${failures.join(' ')} Running on ${backend} instead.`;
      return { backend, reason };
    }
    failures.push(`${backend} did not start (${failure}).`);
  }
  throw new Error(`No backend for tensors starts here: ${failures.join(' ')}`);
}

/** Backends come when they are asked for: each is large, and nearly everyone runs wasm, which is here already. */
const LOAD: { readonly [Name in BackendName]: () => Promise<unknown> } = {
  wasm: () => Promise.resolve(),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

/** @returns why the backend did not start, or `null` when it did */
async function start(backend: BackendName): Promise<string | null> {
  try {
    await LOAD[backend]();
    if (tf.findBackendFactory(backend) === null) return 'not available here';
    if (!(await tf.setBackend(backend))) return 'its initialization failed';
    await tf.ready();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The gradient of a scalar with respect to tensors that `f` closes over.
 *
 * Unlike `tf.grads` it gives `null`, and no error, for a tensor that the value does not depend on.
 * The caller disposes the value and the gradients.
 */
export function valueAndGradients(
  f: () => tf.Scalar,
  xs: readonly tf.Tensor[],
): { readonly value: tf.Scalar; readonly gradients: readonly (tf.Tensor | null)[] } {
  const { value, grads } = tf.engine().gradients(f, [...xs], undefined, true);
  return { value, gradients: grads.map((gradient: tf.Tensor | undefined) => gradient ?? null) };
}

/**
 * An operation with a gradient of its own: the typed form of `tf.customGrad`, whose cast lives here.
 *
 * @param inputs what gets a gradient; `forward` may close over more, as constants
 * @param forward the value, and what the backward needs: a tensor that it closes over instead may be disposed by then
 * @param backward dL/d(value) and what was saved -> dL/d(input), one for each input, in order
 */
export function withGradient<Value extends tf.Tensor, const Saved extends readonly tf.Tensor[]>(
  inputs: readonly tf.Tensor[],
  forward: () => { readonly value: Value; readonly saved: Saved },
  backward: (gradient: Value, ...saved: Saved) => readonly tf.Tensor[],
): Value {
  const op = tf.customGrad<Value>((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const { value, saved } = forward();
    save([...saved]);
    return { value, gradFunc: (gradient, kept) => [...backward(gradient, ...(kept as unknown as Saved))] };
  });
  return op(...inputs);
}
