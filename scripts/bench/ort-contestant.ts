/** onnxruntime as a contestant, on one thread. */
import type * as Ort from 'onnxruntime-web';
import type { Absent, Entry, ImageShape, Ready } from '@/scripts/bench/contestant';

/** What onnxruntime-web and onnxruntime-node have in common. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

export interface OrtPeer {
  readonly id: 'ort-web' | 'ort-node';
  readonly provider: 'wasm' | 'cpu';
  readonly load: () => Promise<OrtModule | Absent>;
}

/** Of every session; printed beside the times. */
export const ORT_OPTIONS = {
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
} as const satisfies Ort.InferenceSession.SessionOptions;

/** @param file the model as ONNX */
export function ortEntry({ id, provider, load }: OrtPeer, file: () => Promise<Uint8Array>): Entry {
  return {
    id,
    open: async () => {
      const ort = await load();
      if ('absent' in ort) return ort;
      const bytes = await file();
      const session = await ort.InferenceSession.create(bytes, { ...ORT_OPTIONS, executionProviders: [provider] });
      return readyOf(ort, session, bytes.length);
    },
  };
}

function readyOf(ort: OrtModule, session: Ort.InferenceSession, bytes: number): Ready {
  const [inputName = ''] = session.inputNames;
  const [outputName = ''] = session.outputNames;
  return {
    bytes,
    on: (images, shape) => {
      requireShape(session.inputMetadata[0], shape);
      const feeds = { [inputName]: new ort.Tensor('float32', images, [...shape]) };
      return {
        before: () => Promise.resolve(),
        run: async () => {
          const { [outputName]: logits } = await session.run(feeds);
          if (!(logits?.data instanceof Float32Array)) throw new Error('onnxruntime gave no float32 logits');
          return logits.data;
        },
        dispose: () => undefined,
      };
    },
    dispose: () => session.release(),
  };
}

/** @throws Error when the file's first input does not take such a batch */
function requireShape(input: Ort.InferenceSession.ValueMetadata | undefined, shape: ImageShape): void {
  if (input === undefined || !input.isTensor || input.type !== 'float32')
    throw new Error('The first input of the ONNX file is not a float32 tensor.');
  const fits =
    input.shape.length === 4 && input.shape.every((size, i) => typeof size === 'string' || size === shape[i]);
  if (!fits) throw new Error(`The ONNX file takes [${input.shape.join(', ')}], not [${shape.join(', ')}].`);
}
