/** From a request to the models of a family: fetched or handed over, checked against each other, binarized where asked. */
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Fetch } from '@/engine/fetch';
import { fetchMembers } from '@/engine/fetch-members';
import { reportOf } from '@/engine/inspect-checkpoint';
import type { CheckpointFile, CheckpointReport, FamilyPictures, OpenFamilyRequest, Progress } from '@/engine/protocol';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { normalizePixels, type Preprocessing } from '@/lib/images/preprocessing';
import { binarizeModel } from '@/models/binarize';
import type { ModelConfig } from '@/models/config';
import { MADE_MEMBERS, mainMember, TRAINED_MEMBER } from '@/models/families/checkpoint-family';
import { type MemberId } from '@/models/families/family';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import type { BinarizationRecipe } from '@/models/recipe';

/** Between pieces of work: reports, and lets messages in. @throws EngineError `cancelled` */
export type OpenStep = (progress: Progress) => Promise<void>;

/** The models of one family, and all that it takes to make them again. */
export interface OpenFamily {
  /** With weights, also where the request named none. */
  readonly request: OpenFamilyRequest & { readonly weights: 'embedded' | CheckpointFile };
  readonly pictures: FamilyPictures;
  readonly preprocessing: Preprocessing;
  readonly config: ModelConfig;
  readonly models: ReadonlyMap<MemberId, Model>;
  readonly labels: ReadonlyMap<MemberId, string>;
  readonly report: CheckpointReport | null;
}

interface OpenContext {
  readonly fetch: Fetch;
  readonly basePath: string;
  readonly step: OpenStep;
}

/** Scaling factors are fitted to so many pictures: more change them little and take longer. */
const CALIBRATION_PICTURES = 4;

/**
 * @param before the family that is open: where its weights are asked for again, its full-precision model is used, not made anew
 * @throws EngineError, CheckpointError, ConfigError; then nothing that was made stays, and `before` is as it was
 */
export async function openFamily(
  context: OpenContext,
  request: OpenFamilyRequest,
  pictures: FamilyPictures,
  before: OpenFamily | null,
): Promise<OpenFamily> {
  const weights = request.weights ?? before?.request.weights ?? null;
  if (weights === null) throw new EngineError('checkpoint', 'No model is open yet. Choose one on the Models page.');
  const models = new Map<MemberId, Model>();
  const labels = new Map<MemberId, string>();
  const kept = request.weights === null ? before : null;
  try {
    const { config, report } =
      weights === 'embedded'
        ? await openEmbedded(context, request.familyId, models, labels)
        : await openCheckpoint(context, weights, kept, models, labels);
    const preprocessing = kept?.preprocessing ?? (await pictures.preprocessing(config));
    const opened = { request: { ...request, weights }, pictures, preprocessing, config, models, labels, report };
    if (weights !== 'embedded') await addStudents(context, opened, models);
    // The last chance for whoever does not want it any more.
    await context.step({ kind: 'running', what: 'opening the models', done: 1, total: 1 });
    return opened;
  } catch (error) {
    for (const model of models.values()) if (!isOf(kept, model)) model.dispose();
    throw error;
  }
}

/** Disposes all models but those that `next` took over. */
export function closeFamily(family: OpenFamily, next: OpenFamily | null = null): void {
  for (const model of family.models.values()) if (!isOf(next, model)) model.dispose();
}

function isOf(family: OpenFamily | null, model: Model): boolean {
  return family !== null && [...family.models.values()].includes(model);
}

async function openEmbedded(
  { fetch, basePath, step }: OpenContext,
  familyId: string,
  models: Map<MemberId, Model>,
  labels: Map<MemberId, string>,
): Promise<{ readonly config: ModelConfig; readonly report: null }> {
  const files = await fetchMembers(fetch, basePath, familyId, (progress) => void step(progress).catch(() => undefined));
  for (const [done, { id, label, bytes }] of files.entries()) {
    // A large model takes a while: in between the worker answers, and may be told that nobody waits any more.
    await step({ kind: 'running', what: label, done, total: files.length });
    try {
      const { model } = readModel(bytes, null);
      models.set(id, model);
      labels.set(id, label);
      model.packed(); // now, and not when the first picture waits for it
    } catch (cause) {
      const { sentence } = toEngineError(cause);
      throw new EngineError('checkpoint', `The model “${label}” cannot be used. ${sentence}`, { cause });
    }
  }
  const [first] = models.values();
  if (first === undefined)
    throw new EngineError('network', 'The list of models is empty. The site has to be built again.');
  return { config: first.config, report: null };
}

async function openCheckpoint(
  { step }: OpenContext,
  file: CheckpointFile,
  before: OpenFamily | null,
  models: Map<MemberId, Model>,
  labels: Map<MemberId, string>,
): Promise<{ readonly config: ModelConfig; readonly report: CheckpointReport }> {
  await step({ kind: 'running', what: `reading ${file.label}`, done: 0, total: 1 });
  const { model, report } = knownMain(before) ?? readModel(new Uint8Array(file.bytes), file.numHeads);
  const id = mainMember(report.isBinary);
  models.set(id, model);
  labels.set(id, file.label);
  return { config: model.config, report };
}

function knownMain(before: OpenFamily | null): ReadModel | null {
  if (before === null || before.report === null) return null;
  const model = before.models.get(mainMember(before.report.isBinary));
  return model === undefined ? null : { model, report: before.report };
}

export interface ReadModel {
  readonly model: Model;
  readonly report: CheckpointReport;
}

/** @throws CheckpointError, ConfigError */
export function readModel(bytes: Uint8Array, numHeads: number | null): ReadModel {
  const checkpoint = parseCheckpoint(bytes);
  const config = configOf(checkpoint, numHeads === null ? {} : { numHeads });
  const model = createModel(config, checkpoint.tensors);
  return { model, report: reportOf(checkpoint, model) };
}

/** Made on the spot of a full-precision checkpoint, and trained ones dropped beside it. */
async function addStudents(
  { step }: OpenContext,
  { request: { recipe, trained }, pictures, preprocessing, config }: OpenFamily,
  models: Map<MemberId, Model>,
): Promise<void> {
  const teacher = models.get(mainMember(false));
  if (teacher !== undefined && recipe !== null)
    await makeStudents(teacher, recipe, await calibrationOf(pictures, preprocessing), models, step);
  if (trained === null) return;
  await step({ kind: 'running', what: `reading ${trained.label}`, done: 0, total: 1 });
  const { model } = readModel(new Uint8Array(trained.bytes), trained.numHeads);
  const reasons =
    teacher === undefined
      ? ['the model that is open is a student itself; open its full-precision teacher first']
      : whyNotMember(model.config, config, 'student');
  if (reasons.length === 0) {
    models.set(TRAINED_MEMBER, model);
    return;
  }
  model.dispose();
  throw new CheckpointError(`“${trained.label}” does not fit as a student here: ${reasons.join('; ')}.`);
}

async function makeStudents(
  teacher: Model,
  asked: BinarizationRecipe,
  calibration: readonly Float32Array[],
  models: Map<MemberId, Model>,
  step: OpenStep,
): Promise<void> {
  for (const { id, recipe } of MADE_MEMBERS) {
    const what = recipe(asked).alpha === 'one' ? 'binarizing, α = 1' : 'binarizing, α from the data';
    const student = await binarizeModel(teacher, recipe(asked), calibration, (done, total) =>
      step({ kind: 'running', what, done, total }),
    );
    models.set(id, student);
  }
}

async function calibrationOf(pictures: FamilyPictures, preprocessing: Preprocessing): Promise<readonly Float32Array[]> {
  const samples = await pictures.samples(CALIBRATION_PICTURES, preprocessing);
  return samples.map(({ pixels }) => normalizePixels(pixels, preprocessing));
}

/** What must agree between members, in words: the panels compare the same pictures as the same tokens, in as many layers and heads. */
const SHAPE_WORDS: { readonly [field: string]: string } = {
  architecture: 'architecture',
  imageSize: 'image size',
  inChannels: 'channels',
  patchSize: 'patch size',
  depth: 'layers',
  depths: 'layers',
  numHeads: 'heads',
  windowSize: 'window size',
  numClasses: 'classes',
  distilled: 'distillation token',
};

/** Why a model cannot be a member of a family with that configuration, in phrases; none when it can. */
export function whyNotMember(
  config: ModelConfig,
  family: ModelConfig,
  role: 'full-precision' | 'student',
): readonly string[] {
  const isBinary = config.quantization !== 'none';
  const fields = (of: ModelConfig) => new Map(Object.entries(of).map(([field, value]) => [field, String(value)]));
  const [has, wanted] = [fields(config), fields(family)];
  return [
    ...(role === 'student' && !isBinary ? ['it is full precision, and a student is binarized'] : []),
    ...(role === 'full-precision' && isBinary ? ['it is binarized, and the teacher is full precision'] : []),
    ...Object.entries(SHAPE_WORDS).flatMap(([field, word]) =>
      has.get(field) === wanted.get(field)
        ? []
        : [`${word} ${has.get(field) ?? 'none'} instead of ${wanted.get(field) ?? 'none'}`],
    ),
  ];
}
