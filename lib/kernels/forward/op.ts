/** The whole forward as one tfjs op, on the wasm backend only: that is where the compiled kernels run. */
import type { FusedForward } from '@/lib/kernels/forward/fused-forward';
import type { ForwardObserver } from '@/lib/kernels/forward/run-context';
import { wasmHost } from '@/lib/kernels/kernel-host';
import { kernelsIn } from '@/lib/kernels/wasm-module';
import { at } from '@/lib/math/number-row';
import { tf } from '@/lib/tf';

const NAME = 'PackedForward';

interface Attributes {
  readonly model: FusedForward;
  readonly observer: ForwardObserver;
}

/** @param compiled `null` unregisters the op */
export function registerForward(compiled: WebAssembly.Module | null): void {
  if (tf.getKernel(NAME, 'wasm') !== undefined) tf.unregisterKernel(NAME, 'wasm');
  if (compiled === null) return;
  tf.registerKernel({
    kernelName: NAME,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const host = wasmHost(backend);
      const { model, observer } = attrs as unknown as Attributes;
      const images = inputs.images as tf.TensorInfo;
      const batch = at(images.shape, 0);
      const logits = host.allocate([batch, model.classes], 'float32');
      const kernels = kernelsIn(host.memory, compiled);
      model.run(host, kernels, host.addressOf(images), batch, host.addressOf(logits), observer);
      return logits;
    },
  });
}

export function hasFusedForward(): boolean {
  return tf.getKernel(NAME, tf.getBackend()) !== undefined;
}

/** @param images [B, channels, size, size] @returns logits [B, classes]; without a gradient */
export function runForward(images: tf.Tensor4D, model: FusedForward, observer: ForwardObserver = {}): tf.Tensor2D {
  const attributes: Attributes = { model, observer };
  return tf.engine().runKernel(NAME, { images }, attributes as unknown as tf.NamedAttrMap);
}
