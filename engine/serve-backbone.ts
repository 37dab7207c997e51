/** A visitor's backbone inside the worker: its models, made once, and its pictures' normalization. */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import type {
  BackboneFile,
  CheckpointReport,
  Normalization,
  OpenBackboneRequest,
  OpenedBackbone,
} from '@/engine/backbone';
import { MODEL_IDS, type ModelId, type Progress } from '@/engine/protocol';
import type { ModelParts } from '@/engine/serve-family';
import { reportOf } from '@/engine/inspect-checkpoint';
import type { ModelConfig } from '@/models/config';
import type { Model } from '@/models/model';
import type { BinarizationRecipe } from '@/models/recipe';

export type BackboneParts = Pick<ModelParts, 'configOf' | 'createModel' | 'binarizeModel'>;

/** Between pieces of work: reports, lets messages in. @throws EngineError `cancelled` */
export type OpenStep = (progress: Progress) => Promise<void>;

/** As it was asked for; a `null` file has been filled in. */
export type BackboneRequest = OpenBackboneRequest & { readonly file: BackboneFile };

/**
 * What the two positions of the scaling switch make of a full-precision model: alpha stays at 1, or follows the recipe's rule.
 * Without training there is no ranking-aware distillation.
 */
const MADE: readonly { readonly id: ModelId; readonly recipe: (asked: BinarizationRecipe) => BinarizationRecipe }[] = [
  { id: 'baseline', recipe: (asked) => ({ ...asked, alpha: 'one' }) },
  { id: 'scaling', recipe: (asked) => asked },
];

export class Backbone {
  private constructor(
    readonly request: BackboneRequest,
    private readonly models: ReadonlyMap<ModelId, Model>,
    private readonly config: ModelConfig,
    private readonly report: CheckpointReport,
  ) {}

  /**
   * @param before what is open now: where its file is asked for again its full-precision model is taken over, and not made anew
   * @throws CheckpointError, ConfigError; then nothing of it stays, and `before` is as it was
   */
  static async open(
    parts: BackboneParts,
    request: BackboneRequest,
    before: Backbone | null,
    step: OpenStep,
  ): Promise<Backbone> {
    const made = new Map<ModelId, Model>();
    const isSame = before?.request.file === request.file && before.request.numHeads === request.numHeads;
    const kept = isSame ? before : null;
    try {
      const first = kept === null ? await read(parts, request.file, request.numHeads, step) : kept.main();
      const { model, report } = first;
      const { config } = model;
      const isBinary = config.quantization !== 'none';
      made.set(isBinary ? 'bi-vit' : 'teacher', model);
      if (!isBinary) await addStudents(parts, request, model, made, step);
      if (request.student !== null) await addTrained(parts, request.student, config, isBinary, made, step);
      // The last word of whoever does not want it any more.
      await step({ kind: 'running', what: `opening ${request.file.label}`, done: 1, total: 1 });
      kept?.forget(model);
      return new Backbone(request, made, config, report);
    } catch (error) {
      for (const model of made.values()) if (kept?.main().model !== model) model.dispose();
      throw error;
    }
  }

  get(id: ModelId): Model | null {
    return this.models.get(id) ?? null;
  }

  get ids(): readonly ModelId[] {
    return MODEL_IDS.filter((id) => this.models.has(id));
  }

  get opened(): OpenedBackbone {
    const { file } = this.request;
    return { id: file.id, label: file.label, config: this.config, modelIds: this.ids, report: this.report };
  }

  /** Values that its pictures have, as pixels: [channels, size, size]. */
  get pixelCount(): number {
    return this.config.inChannels * this.config.imageSize ** 2;
  }

  /** (v - mean) / std for each channel. */
  normalize(pixels: Float32Array): Float32Array {
    return normalize(pixels, this.request.normalization, this.config);
  }

  dispose(): void {
    for (const model of this.models.values()) if (model !== this.taken) model.dispose();
  }

  private taken: Model | null = null;

  /** Another backbone owns it now. */
  private forget(model: Model): void {
    this.taken = model;
  }

  private main(): { readonly model: Model; readonly report: CheckpointReport } {
    const model = this.models.get('teacher') ?? this.models.get('bi-vit');
    if (model === undefined) throw new Error('a backbone without a model');
    return { model, report: this.report };
  }
}

function normalize(pixels: Float32Array, { mean, std }: Normalization, { imageSize }: ModelConfig): Float32Array {
  const area = imageSize ** 2;
  return pixels.map((value, i) => {
    const channel = Math.floor(i / area);
    return (value - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  });
}

async function read(
  parts: BackboneParts,
  { label, bytes }: BackboneFile,
  numHeads: number | null,
  step: OpenStep,
): Promise<{ model: Model; report: CheckpointReport }> {
  await step({ kind: 'running', what: `reading ${label}`, done: 0, total: 3 });
  const checkpoint = parseCheckpoint(new Uint8Array(bytes));
  await step({ kind: 'running', what: `reading ${label}`, done: 1, total: 3 });
  const config = parts.configOf(checkpoint, numHeads === null ? {} : { numHeads });
  const model = parts.createModel(config, checkpoint.tensors);
  return { model, report: reportOf(checkpoint, model) };
}

async function addStudents(
  parts: BackboneParts,
  request: BackboneRequest,
  teacher: Model,
  made: Map<ModelId, Model>,
  step: OpenStep,
): Promise<void> {
  const { recipe: asked, normalization } = request;
  const pictures = request.calibration.map((pixels) => normalize(pixels, normalization, teacher.config));
  for (const { id, recipe } of MADE) {
    const what = id === 'baseline' ? 'binarizing, α = 1' : 'binarizing, α from the data';
    const student = await parts.binarizeModel(teacher, recipe(asked), pictures, (done, total) =>
      step({ kind: 'running', what, done, total }),
    );
    made.set(id, student);
  }
}

async function addTrained(
  parts: BackboneParts,
  file: BackboneFile,
  beside: ModelConfig,
  isBinary: boolean,
  made: Map<ModelId, Model>,
  step: OpenStep,
): Promise<void> {
  const { model } = await read(parts, file, null, step);
  const reasons = [
    ...(isBinary ? ['the model that is open is a student itself; open its full-precision teacher first'] : []),
    ...(model.config.quantization === 'none' ? ['it is full precision, and a student is binarized'] : []),
    ...differences(model.config, beside),
  ];
  if (reasons.length === 0) {
    made.set('bi-vit', model);
    return;
  }
  model.dispose();
  throw new CheckpointError(`“${file.label}” does not fit as a student here: ${reasons.join('; ')}.`);
}

/** The panels put them side by side: the same pictures as the same tokens, with as many layers and heads. */
function differences(student: ModelConfig, teacher: ModelConfig): readonly string[] {
  const facts = (config: ModelConfig): readonly (readonly [string, string])[] => [
    ['architecture', config.architecture],
    ['image size', String(config.imageSize)],
    ['channels', String(config.inChannels)],
    ['patch size', String(config.patchSize)],
    ['heads', String(config.numHeads)],
    ['layers', String(config.architecture === 'deit' ? config.depth : config.depths)],
    ['classes', String(config.numClasses)],
    ['class tokens', config.architecture === 'deit' ? (config.distilled ? '2' : '1') : '0'],
  ];
  const wanted = new Map(facts(teacher));
  return facts(student)
    .filter(([what, has]) => wanted.get(what) !== has)
    .map(([what, has]) => `${what} ${has} instead of ${wanted.get(what)}`);
}
