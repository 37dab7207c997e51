/** Our models as contestants: packed, binary in floats, and full precision on each backend. */
import { selectBackend, tf, type BackendName } from '@/lib/tf';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { packModel } from '@/models/packed';
import { PackedUnavailableError, type StageTime } from '@/models/packed-model';
import type { Absent, Entry, ImageShape, Ready } from '@/scripts/bench/contestant';
import type { Form, Subject } from '@/scripts/bench/bench-models';

/** A packed one also tells where its time goes. */
export interface PackedReady extends Ready {
  /** Puts its backend in place. */
  readonly use: () => Promise<void>;
  readonly profile: (images: Float32Array, shape: ImageShape) => readonly StageTime[];
}

/** @param unavailable why a backend does not compete here, a sentence; `null` when it does */
export function tfjsEntries(subject: Subject, unavailable: (backend: BackendName) => string | null): readonly Entry[] {
  const real = (backend: BackendName): Entry => ({
    id: `tfjs-${backend}`,
    open: async () => {
      const reason = unavailable(backend);
      return reason === null ? openFloat(subject.real, backend) : { absent: reason };
    },
  });
  return [
    { id: 'packed', open: () => openPacked(subject.binary) },
    { id: 'float-binary', open: () => openFloat(subject.binary, 'wasm') },
    real('wasm'),
    real('cpu'),
    real('webgl'),
    real('webgpu'),
  ];
}

async function openPacked(form: Form): Promise<PackedReady | Absent> {
  const absent = await startBackend('wasm');
  if (absent !== null) return absent;
  const model = createModel(form.config, form.tensors);
  try {
    const packed = packModel(model);
    return {
      ...readyOn('wasm', packed.bytes, packed),
      use: async () => {
        await tf.setBackend('wasm');
      },
      profile: (images, shape) => {
        const input = tf.tensor4d(images, [...shape]);
        const times = packed.profile(input, () => performance.now());
        input.dispose();
        return times;
      },
    };
  } catch (error) {
    if (error instanceof PackedUnavailableError) return { absent: error.message };
    throw error;
  } finally {
    model.dispose();
  }
}

async function openFloat({ config, tensors }: Form, backend: BackendName): Promise<Ready | Absent> {
  const absent = await startBackend(backend);
  if (absent !== null) return absent;
  const before = tf.memory().numBytes;
  const model = createModel(config, tensors);
  return readyOn(backend, tf.memory().numBytes - before, model);
}

function readyOn(
  backend: BackendName,
  bytes: number,
  model: Pick<Model, 'dispose'> & { readonly forward: (images: tf.Tensor4D) => tf.Tensor2D },
): Ready {
  const before = async (): Promise<void> => {
    await tf.setBackend(backend);
  };
  return {
    bytes,
    on: (images, shape) => {
      // Made on the wrong backend, it moves to the right one in the warm-up.
      const input = tf.tensor4d(images, [...shape]);
      const run = async (): Promise<Float32Array> => {
        const logits = model.forward(input);
        const values = await logits.data<'float32'>();
        logits.dispose();
        return values;
      };
      return { before, run, dispose: () => input.dispose() };
    },
    dispose: async () => {
      await before();
      model.dispose();
    },
  };
}

async function startBackend(wanted: BackendName): Promise<Absent | null> {
  const { backend, reason } = await selectBackend(wanted);
  return backend === wanted ? null : { absent: reason };
}

export function isPacked(ready: Ready): ready is PackedReady {
  return 'profile' in ready;
}
