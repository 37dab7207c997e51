/** The resident models: fetched, verified, and at most one in each place. */
import { CheckpointError, type Checkpoint, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { sha256 } from '@/lib/checkpoints/hash';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchManifest, fetchOrExplain, type Fetch } from '@/engine/manifest';
import { FAMILY, type LoadedCheckpoint, type ManifestModel, type ModelId, type Progress } from '@/engine/protocol';
import { deitOnly, type DeitConfig, type ModelConfig } from '@/models/config';
import type { LiveQuery, LiveRun } from '@/models/live';
import type { Model } from '@/models/model';
import type { ForwardPath } from '@/models/packed';
import type { ParityReport } from '@/models/parity';
import type { BitsOfParts } from '@/models/precision';
import type { BinarizationRecipe } from '@/models/recipe';
import type { RepairMap } from '@/models/repair';
import type { TimedForward } from '@/models/speed';
import type { Trace, TraceOptions } from '@/models/trace';

/** What `models/` gives to the engine; joined in `model.worker.ts` and in the command-line tools. */
export interface ModelParts {
  readonly configOf: (checkpoint: Checkpoint, untold: { readonly numHeads?: number }) => ModelConfig;
  readonly createModel: (config: ModelConfig, tensors: ReadonlyMap<string, CheckpointTensor>) => Model;
  /** One normalized image [channels * size * size] through a model. */
  readonly traceImage: (model: Model, image: Float32Array, options: TraceOptions) => Promise<Trace>;
  /** How `traceImage` without gradients and `predictClasses` compute. */
  readonly pathOf: (model: Model) => ForwardPath;
  /** A student's logits with each head, each layer and all of its attention taken from the teacher's trace. */
  readonly repairMap: (
    student: Model,
    image: Float32Array,
    teacher: Trace,
    step: (done: number, total: number) => Promise<void>,
  ) => Promise<RepairMap>;
  /** A full-precision model with fewer bits, to be disposed by the caller. */
  readonly quantizeModel: (model: Model, bits: BitsOfParts) => Promise<Model>;
  /** A full-precision model binarized by a recipe, without training; to be disposed by the caller. */
  readonly binarizeModel: (
    model: Model,
    recipe: BinarizationRecipe,
    calibration: readonly Float32Array[],
    step: (done: number, total: number) => Promise<void>,
  ) => Promise<Model>;
  /** Every stage of a model against the values in a golden file. */
  readonly checkParity: (model: Model, golden: Checkpoint) => Promise<ParityReport>;
  /** The index of the largest logit for each normalized image, all in one forward. */
  readonly predictClasses: (model: Model, images: readonly Float32Array[]) => Promise<readonly number[]>;
  /** One normalized image [28 * 28] through a model, for the live view. */
  readonly liveFrame: (model: Model, image: Float32Array, look: LiveQuery, now: () => number) => Promise<LiveRun>;
  /** Weights made up from a seed; to be disposed by the caller. */
  readonly randomModel: (config: ModelConfig, seed: number) => Model;
  /** What a clock is held to; to be disposed by the caller. */
  readonly timedForward: (model: Model) => TimedForward;
}

/** A tiny model's checkpoint takes less than 1 MB; this leaves room and keeps a wrong file from filling the memory. */
const MAX_BROUGHT_BYTES = 64 * 2 ** 20;

export interface CheckpointFile {
  readonly id: ModelId;
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @throws EngineError: `network` when a file cannot be had, `checkpoint` when it is not the file that the manifest names */
export async function fetchFamily(
  fetch: Fetch,
  basePath: string,
  onProgress: (progress: Progress) => void,
): Promise<readonly CheckpointFile[]> {
  const manifest = await fetchManifest(fetch, basePath);
  const totalBytes = manifest.reduce((sum, { bytes }) => sum + bytes, 0);
  let loadedBytes = 0;
  return Promise.all(
    manifest.map(async (entry) => {
      const response = await fetchOrExplain(fetch, familyUrl(basePath, entry.file), `the model “${entry.label}”`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      await verify(bytes, entry);
      loadedBytes += bytes.byteLength;
      onProgress({ kind: 'loading', what: entry.label, loadedBytes, totalBytes });
      return { id: entry.id, label: entry.label, bytes };
    }),
  );
}

async function verify(bytes: Uint8Array<ArrayBuffer>, { label, sha256: expected }: ManifestModel): Promise<void> {
  // Pages served without TLS have no digest; there only the file's own structure is checked.
  if (globalThis.crypto?.subtle === undefined) return;
  if ((await sha256(bytes)) !== expected) {
    throw new EngineError(
      'checkpoint',
      `The model “${label}” did not arrive as it was published (its SHA-256 differs). Reload the page.`,
    );
  }
}

export class Family {
  private readonly models = new Map<ModelId, Model>();

  constructor(private readonly parts: ModelParts) {}

  get ids(): readonly ModelId[] {
    return [...this.models.keys()];
  }

  get(id: ModelId): Model | null {
    return this.models.get(id) ?? null;
  }

  /** Takes the place of what was there, once it is sure to work. @throws CheckpointError, ConfigError */
  put(id: ModelId, bytes: Uint8Array): LoadedCheckpoint {
    const checkpoint = parseCheckpoint(bytes);
    const config = deitOnly(this.parts.configOf(checkpoint, { numHeads: FAMILY.heads }));
    refuseStranger(id, config);
    const model = this.parts.createModel(config, checkpoint.tensors);
    model.packed(); // now, and not when the first picture waits for it
    this.models.get(id)?.dispose();
    this.models.set(id, model);
    return {
      id,
      config,
      parameters: parameterCount(checkpoint, model),
      used: checkpoint.tensors.size - model.ignored.length,
      ignored: [...checkpoint.ignored, ...model.ignored],
    };
  }

  dispose(): void {
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }
}

/** @throws CheckpointError when the file is too large to be a member of the family */
export function refuseLarge(bytes: ArrayBuffer): void {
  if (bytes.byteLength > MAX_BROUGHT_BYTES) {
    const megabytes = Math.round(bytes.byteLength / 2 ** 20);
    throw new CheckpointError(
      `A file of ${megabytes} MB is no member of this family; its models take less than 1 MB each.`,
    );
  }
}

/** The panels put all five side by side: they must see the same picture as the same tokens, with as many layers and heads. */
function refuseStranger(id: ModelId, config: DeitConfig): void {
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['image size', config.imageSize, FAMILY.imageSize],
    ['channels', config.inChannels, 1],
    ['patch size', config.patchSize, FAMILY.patchSize],
    ['layers', config.depth, FAMILY.layers],
    ['heads', config.numHeads, FAMILY.heads],
    ['classes', config.numClasses, FAMILY.classes],
    ['class tokens', config.distilled ? 2 : 1, 1],
  ];
  const differences = wanted
    .filter(([, has, needs]) => has !== needs)
    .map(([what, has, needs]) => `${what} ${has} instead of ${needs}`);
  if (differences.length > 0) {
    throw new CheckpointError(
      `This model does not fit beside the others: ${differences.join(', ')}. Choose one trained by this project's recipe.`,
    );
  }
  const isBinary = config.quantization !== 'none';
  if (id === 'teacher' && isBinary)
    throw new CheckpointError(
      'The teacher is a full-precision model; this one is binarized. Put it in a student’s place.',
    );
  if (id !== 'teacher' && !isBinary)
    throw new CheckpointError(
      'A student is a binarized model; this one is full precision. Put it in the teacher’s place.',
    );
}

/** Weights that came as bits count like any others: eight in a byte, for the family's rows fill their bytes. */
export function parameterCount({ tensors }: Checkpoint, model: Model): number {
  const real = [...model.parameters.values()].reduce((sum, { size }) => sum + size, 0);
  const bytesOfBits = [...tensors].reduce(
    (sum, [key, { data }]) => sum + (key.endsWith('.weight_bits') ? data.length : 0),
    0,
  );
  return real + 8 * bytesOfBits;
}
