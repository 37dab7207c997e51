/** What stays in the worker between calls: the backend, the open family and its models. */
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchKernels, type Fetch } from '@/engine/fetch';
import { closeFamily, openFamily, readModel, whyNotMember, type OpenFamily, type OpenStep } from '@/engine/open-family';
import type {
  BackendName,
  CheckpointReport,
  EngineInfo,
  FamilyPictures,
  LoadedKernels,
  OpenedFamily,
  OpenFamilyRequest,
  ReplaceMemberRequest,
  SamplePicture,
} from '@/engine/protocol';
import type { Tensors } from '@/engine/tensors';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { normalizePixels } from '@/lib/images/preprocessing';
import type { loadKernels } from '@/lib/kernels/load-kernels';
import type { ModelConfig } from '@/models/config';
import type { MemberId } from '@/models/families/family';
import { parseLatents, type Latents } from '@/models/families/latents';
import type { Model } from '@/models/model';

const WHY_WASM =
  'WebAssembly is the default: it runs everywhere, gives the same numbers everywhere and keeps the page smooth.';

/** No checkpoint of a member is this many times the size of its parameters in float32: a wrong file must not fill the memory. */
const MOST_TIMES_LARGER = 16;

/** What the engine needs of the world around it. */
export interface EngineEnvironment {
  readonly tensors: Tensors;
  readonly fetch: Fetch;
  /** Makes the packed kernels known to the wasm backend. */
  readonly loadKernels: typeof loadKernels;
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export class Session {
  private family: OpenFamily | null = null;
  /** Members that a person replaced: made again with the family. */
  private readonly replaced = new Map<MemberId, ReplaceMemberRequest>();
  private selected: { readonly backend: BackendName; readonly reason: string } | null = null;
  private basePath = '';
  private kernels: LoadedKernels = { kind: 'absent', reason: 'The packed kernels have not been loaded.' };
  private changes = 0;
  private openings = 0;
  private recovery: Promise<void> | null = null;
  private samplePictures: Promise<readonly SamplePicture[]> | null = null;
  private sampleCount = 0;
  private fetchedLatents: Promise<Latents | null> | null = null;

  constructor(private readonly environment: EngineEnvironment) {}

  /** Another number with every change of a model or of the backend: earlier results are out of date. */
  get generation(): number {
    return this.changes;
  }

  /** Another number with every family that is opened. */
  get familyNumber(): number {
    return this.openings;
  }

  get memberIds(): readonly MemberId[] {
    return [...(this.family?.models.keys() ?? [])];
  }

  model(id: MemberId): Model | null {
    return this.family?.models.get(id) ?? null;
  }

  /** @throws EngineError when it is not loaded */
  modelOrFail(id: MemberId): Model {
    const model = this.model(id);
    if (model === null)
      throw new EngineError('checkpoint', `The model “${id}” is not loaded. Reload the page to load it again.`);
    return model;
  }

  label(id: MemberId): string {
    return this.family?.labels.get(id) ?? id;
  }

  /** @throws EngineError while no family is open */
  get open(): OpenFamily {
    if (this.family === null)
      throw new EngineError('internal', 'No models are loaded yet. Wait a moment, or reload the page.');
    return this.family;
  }

  /**
   * Pixels as the models take them.
   *
   * @throws EngineError when they are not as many as these models see, or not all of 0..1
   */
  normalize(pixels: Float32Array): Float32Array {
    const { config, preprocessing } = this.open;
    const size = config.inChannels * config.imageSize ** 2;
    if (pixels.length !== size || !pixels.every((value) => value >= 0 && value <= 1)) {
      throw new EngineError(
        'image',
        `The models take ${size} values between 0 and 1; this picture has others. Choose another one.`,
      );
    }
    return normalizePixels(pixels, preprocessing);
  }

  /** @throws EngineError before the start */
  info(): EngineInfo {
    if (this.selected === null)
      throw new EngineError('internal', 'The engine was asked before it was started. Reload the page.');
    const { kernels, memberIds: models } = this;
    return { ...this.selected, ...this.environment.tensors.memory(), models, kernels };
  }

  async start(basePath: string, backend: BackendName | 'auto'): Promise<void> {
    this.basePath = basePath;
    await this.select(backend === 'auto' ? 'wasm' : backend);
    if (backend === 'auto' && this.selected?.backend === 'wasm') this.selected = { backend: 'wasm', reason: WHY_WASM };
    this.changes++;
    this.close();
    const { fetch, loadKernels } = this.environment;
    this.kernels = await loadKernels((name) => fetchKernels(fetch, basePath, name));
  }

  /** @throws EngineError, CheckpointError, ConfigError; what was open then stays open */
  async openFamily(request: OpenFamilyRequest, pictures: FamilyPictures, step: OpenStep): Promise<OpenedFamily> {
    const before = this.family;
    const next = await openFamily({ ...this.environment, basePath: this.basePath, step }, request, pictures, before);
    this.family = next;
    if (before !== null) closeFamily(before, next);
    this.replaced.clear();
    this.samplePictures = null;
    this.fetchedLatents = null;
    this.changes++;
    this.openings++;
    const { config, report } = next;
    return { familyId: request.familyId, config, memberIds: this.memberIds, report };
  }

  private close(): void {
    if (this.family !== null) closeFamily(this.family);
    this.family = null;
  }

  /** @throws CheckpointError, ConfigError; the member then stays as it was */
  replaceMember(request: ReplaceMemberRequest): CheckpointReport {
    const report = this.put(request);
    this.replaced.set(request.id, request);
    this.changes++;
    return report;
  }

  private put({ id, fileName, bytes }: ReplaceMemberRequest): CheckpointReport {
    const before = this.modelOrFail(id);
    refuseLarge(bytes, before);
    const { model, report } = readModel(new Uint8Array(bytes), headsOf(this.open.config));
    const role = id === 'teacher' ? 'full-precision' : 'student';
    const reasons = whyNotMember(model.config, before.config, role);
    if (reasons.length > 0) {
      model.dispose();
      throw new CheckpointError(`This model does not fit beside the others: ${reasons.join(', ')}.`);
    }
    model.packed(); // now, and not when the next picture waits for it
    before.dispose();
    const { models, labels } = this.open;
    this.family = {
      ...this.open,
      models: new Map([...models].map(([key, value]) => [key, key === id ? model : value])),
      labels: new Map(labels).set(id, fileName),
    };
    return report;
  }

  /** @throws Error when the graphics context is gone: what it answered since is nonsense */
  refuseLost(): void {
    if (this.environment.tensors.isContextLost()) throw new Error('the context was lost');
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
      const { family } = this;
      this.close();
      await this.select('wasm');
      if (this.selected === null || this.selected.backend === lost) {
        const sentence = `The ${lost} backend stopped working and no other one starts. Reload the page.`;
        throw new EngineError('backend', sentence);
      }
      const { backend } = this.selected;
      this.selected = { backend, reason: `The ${lost} backend lost its context; running on ${backend} instead.` };
      if (family === null) return;
      const context = { ...this.environment, basePath: this.basePath, step: async () => {} };
      this.family = await openFamily(context, family.request, family.pictures, null);
      for (const request of this.replaced.values()) this.put(request);
    } finally {
      this.recovery = null;
    }
  }

  private async select(preference: BackendName): Promise<void> {
    try {
      this.selected = await this.environment.tensors.selectBackend(preference, this.basePath);
    } catch (cause) {
      throw new EngineError(
        'backend',
        'This browser can run none of the ways to compute that this app knows. Try a current browser.',
        { cause },
      );
    }
  }

  /** At most so many of the family's sample pictures, normalized, asked of the page when more are wanted than before. */
  readonly samples = async (count: number): Promise<readonly SamplePicture[]> => {
    const { pictures, preprocessing } = this.open;
    if (this.samplePictures === null || count > this.sampleCount) {
      this.sampleCount = count;
      this.samplePictures = pictures
        .samples(count, preprocessing)
        .then((found) => found.map(({ pixels, label }) => ({ pixels: normalizePixels(pixels, preprocessing), label })));
      this.samplePictures.catch(() => (this.samplePictures = null)); // the next question tries again
    }
    return (await this.samplePictures).slice(0, count);
  };

  /** Histograms of an embedded family's latent weights; `null` where there are none. */
  readonly latents = (): Promise<Latents | null> => {
    const { request } = this.open;
    if (request.weights !== 'embedded') return Promise.resolve(null);
    this.fetchedLatents ??= this.fetchLatents(request.familyId);
    return this.fetchedLatents;
  };

  private async fetchLatents(familyId: string): Promise<Latents | null> {
    try {
      const response = await this.environment.fetch(familyUrl(this.basePath, familyId, 'latents.json'));
      return response.ok ? parseLatents(await response.text()) : null;
    } catch {
      this.fetchedLatents = null;
      return null; // a figure then says so, and everything else works without them
    }
  }
}

function headsOf(config: ModelConfig): number | null {
  return typeof config.numHeads === 'number' ? config.numHeads : null;
}

/** @throws CheckpointError */
function refuseLarge({ byteLength }: ArrayBuffer, { parameters }: Model): void {
  const floats = [...parameters.values()].reduce((sum, { size }) => sum + size, 0);
  const most = MOST_TIMES_LARGER * 4 * Math.max(floats, 2 ** 18);
  if (byteLength <= most) return;
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  throw new CheckpointError(
    `A file of ${megabytes(byteLength)} MB is no member of this family; its models take less than ${megabytes(most)} MB each.`,
  );
}
