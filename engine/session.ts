/** What stays in the worker between questions: the models, the backend they run on, and what the export has for analyses. */
import { bytesToUnit, normalizeGrey } from '@/lib/images/grey28';
import type { Sample } from '@/lib/images/samples';
import type { OpenBackboneRequest, OpenedBackbone } from '@/engine/backbone';
import { EngineError, toEngineError } from '@/engine/engine-error';
import { fetchLatents, type Latents } from '@/models/families/latents';
import type { loadKernels, LoadedKernels } from '@/lib/kernels/load-kernels';
import { fetchKernels, type Fetch } from '@/engine/manifest';
import {
  FAMILY,
  type BackendName,
  type EngineInfo,
  type LoadCheckpointRequest,
  type LoadedCheckpoint,
  type ModelId,
  type Progress,
} from '@/engine/protocol';
import { loadSamples } from '@/engine/samples';
import { Backbone, type BackboneRequest, type OpenStep } from '@/engine/serve-backbone';
import { Family, fetchFamily, refuseLarge, type CheckpointFile, type ModelParts } from '@/engine/serve-family';
import type { Tensors } from '@/engine/tensors';
import type { Model } from '@/models/model';

const WHY_WASM =
  'WebAssembly is the default: it runs everywhere, gives the same numbers everywhere and keeps the page smooth.';

export interface ResidentParts extends ModelParts {
  readonly tensors: Tensors;
  readonly fetch: Fetch;
  /** Makes the packed kernels known to the wasm backend. */
  readonly loadKernels: typeof loadKernels;
}

export class Resident {
  private readonly family: Family;
  /** In the family's place while one is open. */
  private backbone: Backbone | null = null;
  /** What the models were made of: after a lost context they are made again. */
  private readonly files = new Map<ModelId, CheckpointFile>();
  private selected: { readonly backend: BackendName; readonly reason: string } | null = null;
  private basePath = '';
  private kernels: LoadedKernels = { kind: 'absent', reason: 'The packed kernels have not been loaded.' };
  private changes = 0;
  private openings = 0;
  private recovery: Promise<void> | null = null;
  private fetchedSamples: Promise<readonly Sample[]> | null = null;
  private fetchedLatents: Promise<Latents | null> | null = null;

  constructor(private readonly parts: ResidentParts) {
    this.family = new Family(parts);
  }

  /** Another number with every change of a model or of the backend: what was computed before it holds no more. */
  get generation(): number {
    return this.changes;
  }

  /** Another number when another model is in the family's place, or the family again: what was asked of the one before is in vain. */
  get subject(): number {
    return this.openings;
  }

  /** Of the backbone while one is open, else of the family. */
  model(id: ModelId): Model | null {
    return (this.backbone ?? this.family).get(id);
  }

  get hasBackbone(): boolean {
    return this.backbone !== null;
  }

  /** @throws EngineError when it is not loaded */
  modelOrFail(id: ModelId): Model {
    const model = this.model(id);
    if (model === null)
      throw new EngineError('checkpoint', `The model “${id}” is not loaded. Reload the page to load it again.`);
    return model;
  }

  label(id: ModelId): string {
    return (this.backbone === null ? this.files.get(id)?.label : null) ?? id;
  }

  /**
   * Pixels as a picture's models take them.
   *
   * @throws EngineError when they are not as many as these models see, or not all of 0..1
   */
  normalize(pixels: Float32Array): Float32Array {
    const size = this.backbone?.pixelCount ?? FAMILY.imageSize ** 2;
    if (pixels.length !== size || !pixels.every((value) => value >= 0 && value <= 1)) {
      throw new EngineError(
        'image',
        `The models take ${size} values between 0 and 1; this picture has others. Choose another one.`,
      );
    }
    return this.backbone?.normalize(pixels) ?? normalizeGrey(pixels);
  }

  /** @throws EngineError before the start */
  info(): EngineInfo {
    if (this.selected === null)
      throw new EngineError('internal', 'The engine was asked before it was started. Reload the page.');
    const { kernels } = this;
    return { ...this.selected, ...this.parts.tensors.memory(), models: (this.backbone ?? this.family).ids, kernels };
  }

  async start(
    basePath: string,
    backend: BackendName | 'auto',
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    this.basePath = basePath;
    await this.select(backend === 'auto' ? 'wasm' : backend);
    if (backend === 'auto' && this.selected?.backend === 'wasm') this.selected = { backend: 'wasm', reason: WHY_WASM };
    this.changes++;
    this.closeBackbone();
    this.family.dispose();
    this.files.clear();
    const { fetch, loadKernels } = this.parts;
    const [kernels, files] = await Promise.all([
      loadKernels((name) => fetchKernels(fetch, basePath, name)),
      fetchFamily(fetch, basePath, onProgress),
    ]);
    this.kernels = kernels;
    for (const file of files) {
      try {
        this.family.put(file.id, file.bytes);
      } catch (cause) {
        const { sentence } = toEngineError(cause);
        throw new EngineError('checkpoint', `The model “${file.label}” cannot be used. ${sentence}`, { cause });
      }
      this.files.set(file.id, file);
    }
  }

  load({ id, fileName, bytes }: LoadCheckpointRequest): LoadedCheckpoint {
    refuseLarge(bytes);
    const loaded = this.family.put(id, new Uint8Array(bytes));
    this.files.set(id, { id, label: fileName, bytes: new Uint8Array(bytes) });
    this.changes++;
    return loaded;
  }

  /** @throws CheckpointError, ConfigError; what was open then stays open */
  async openBackbone(request: OpenBackboneRequest, step: OpenStep): Promise<OpenedBackbone> {
    const before = this.backbone;
    const file = request.file ?? before?.request.file ?? null;
    if (file === null) throw new EngineError('checkpoint', 'No model is open yet. Choose one on the Models page.');
    const next = await Backbone.open(this.parts, { ...request, file }, before, step);
    this.backbone = next;
    before?.dispose();
    this.changes++;
    this.openings++;
    return next.opened;
  }

  closeBackbone(): void {
    if (this.backbone !== null) this.openings++;
    this.dropBackbone();
  }

  private dropBackbone(): void {
    if (this.backbone === null) return;
    this.backbone.dispose();
    this.backbone = null;
    this.changes++;
  }

  /** @throws Error when the graphics context is gone: what it answered since is nonsense */
  refuseLost(): void {
    if (this.parts.tensors.isContextLost()) throw new Error('the context was lost');
  }

  /** Runs it; when the graphics backend fails under it, once more with the models on wasm. */
  async orOnWasm<T>(task: () => Promise<T>): Promise<T> {
    await this.recovery;
    const { backend } = this.info();
    try {
      return await task();
    } catch (error) {
      const isGraphics = backend === 'webgl' || backend === 'webgpu';
      if (error instanceof EngineError || !isGraphics) throw error;
      // Tasks that fail together move together.
      if (this.selected?.backend === backend) this.recovery ??= this.recover(backend);
      await this.recovery;
      return await task();
    }
  }

  /** A lost context takes its tensors with it: the next backend gets fresh ones. */
  private async recover(lost: BackendName): Promise<void> {
    try {
      this.changes++;
      const opened: BackboneRequest | null = this.backbone?.request ?? null;
      this.dropBackbone();
      this.family.dispose();
      await this.select('wasm');
      if (this.selected === null || this.selected.backend === lost) {
        const sentence = `The ${lost} backend stopped working and no other one starts. Reload the page.`;
        throw new EngineError('backend', sentence);
      }
      const { backend } = this.selected;
      this.selected = { backend, reason: `The ${lost} backend lost its context; running on ${backend} instead.` };
      for (const { id, bytes } of this.files.values()) this.family.put(id, bytes);
      if (opened !== null) this.backbone = await Backbone.open(this.parts, opened, null, async () => {});
    } finally {
      this.recovery = null;
    }
  }

  private async select(preference: BackendName): Promise<void> {
    try {
      this.selected = await this.parts.tensors.selectBackend(preference, this.basePath);
    } catch (cause) {
      throw new EngineError(
        'backend',
        'This browser can run none of the ways to compute that this app knows. Try a current browser.',
        { cause },
      );
    }
  }

  /** At most so many shipped pictures, normalized. @throws EngineError */
  readonly pictures = async (count: number): Promise<readonly Float32Array[]> => {
    const { backbone } = this;
    if (backbone !== null)
      return backbone.request.calibration.slice(0, count).map((pixels) => backbone.normalize(pixels));
    const samples = await this.samples();
    return samples.slice(0, count).map(({ bytes }) => normalizeGrey(bytesToUnit(bytes)));
  };

  /** The family's shipped images, fetched once. @throws EngineError */
  readonly samples = async (): Promise<readonly Sample[]> => {
    if (this.backbone !== null) {
      throw new EngineError(
        'checkpoint',
        'This is measured on the shipped pictures, whose classes are known; they are 28 px and grey, and this model takes none of them.',
      );
    }
    this.fetchedSamples ??= loadSamples(this.parts.fetch, this.basePath).catch((error: unknown) => {
      this.fetchedSamples = null; // the next question tries again
      throw error;
    });
    return this.fetchedSamples;
  };

  readonly latents = (): Promise<Latents | null> => {
    this.fetchedLatents ??= fetchLatents(this.parts.fetch, this.basePath).then((latents) => {
      if (latents === null) this.fetchedLatents = null;
      return latents;
    });
    return this.fetchedLatents;
  };
}
