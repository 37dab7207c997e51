/** Our models as contestants: packed, binary in floats, and full precision on each backend. */
import { selectBackend, tf, type BackendName } from '@/lib/tf';
import { createModel } from '@/models/create-model';
import type { Model } from '@/models/model';
import { packModel } from '@/models/packed';
import { PackedUnavailableError } from '@/models/packed-model';
import type { BenchModel, Weights } from '@/scripts/bench/bench-models';
import type { Absent, Entry, Ready } from '@/scripts/bench/contestant';

/** @param unavailable why a backend does not run here, a sentence; `null` when it does */
export function tfjsEntries(
  { fullPrecision, binary }: BenchModel,
  unavailable: (backend: BackendName) => string | null,
): readonly Entry[] {
  return [
    { id: 'packed', open: () => openPacked(binary) },
    { id: 'float-binary', open: () => openFloat(binary, 'wasm') },
    ...(['wasm', 'cpu', 'webgl', 'webgpu'] as const).map((backend): Entry => ({
      id: `tfjs-${backend}`,
      open: async () => {
        const absent = unavailable(backend);
        return absent === null ? openFloat(fullPrecision, backend) : { absent };
      },
    })),
  ];
}

async function openPacked({ config, tensors }: Weights): Promise<Ready | Absent> {
  const absent = await startBackend('wasm');
  if (absent !== null) return absent;
  const model = createModel(config, tensors);
  try {
    const packed = packModel(model);
    return {
      ...readyOn('wasm', packed.bytes, packed),
      profile: async (images, shape) => {
        await tf.setBackend('wasm');
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

async function openFloat({ config, tensors }: Weights, backend: BackendName): Promise<Ready | Absent> {
  const absent = await startBackend(backend);
  if (absent !== null) return absent;
  const before = tf.memory().numBytes;
  const model = createModel(config, tensors);
  return readyOn(backend, tf.memory().numBytes - before, model);
}

type ForwardModel = Pick<Model, 'dispose'> & { readonly forward: (images: tf.Tensor4D) => tf.Tensor2D };

function readyOn(backend: BackendName, bytes: number, model: ForwardModel): Ready {
  const before = async (): Promise<void> => {
    await tf.setBackend(backend);
  };
  return {
    bytes,
    on: (images, shape) => {
      // If it is made on another backend, the warm-up moves it to the right one.
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
