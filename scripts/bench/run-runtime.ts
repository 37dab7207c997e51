/** One place, Node or a browser's worker: every model, every batch, every contestant. The same code runs in both. */
import { sha256 } from '@/lib/checkpoints/hash';
import type { LoadedKernels } from '@/lib/kernels/load-kernels';
import { quantile } from '@/lib/math/quantile';
import type { BackendName } from '@/lib/tf';
import { compareAll, type Agreement } from '@/scripts/bench/agreement';
import { CONTESTANT_NAMES, type ContestantId, type Entry, type ImageShape } from '@/scripts/bench/contestant';
import { ortEntry, type OrtPeer } from '@/scripts/bench/ort-contestant';
import { compete, warmUp, type Runner } from '@/scripts/bench/rounds';
import { imagesFor, loadSubject, macsOf, type SubjectId } from '@/scripts/bench/bench-models';
import { isPacked, tfjsEntries } from '@/scripts/bench/tfjs-contestants';

export interface PlaceRequest {
  readonly models: readonly SubjectId[];
  readonly batches: readonly number[];
  /** For each contestant in each contest: a model at a batch size. */
  readonly seconds: number;
  /** A contestant whose run would take longer is left out. */
  readonly slowMs: number;
  /** The peers run a file of the user's: their logits are compared with nothing. */
  readonly foreignOnnx: boolean;
}

/** What differs from place to place. */
export interface PlaceParts {
  /** A file of `models/families/fashion-mnist`. */
  readonly checkpoint: (file: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly onnx: (model: SubjectId) => Promise<Uint8Array>;
  readonly peers: readonly OrtPeer[];
  /** Why a backend does not compete here, a sentence; `null` when it does. */
  readonly unavailable: (backend: BackendName, model: SubjectId) => string | null;
  readonly progress: (line: string) => void;
}

export interface ContestantResult {
  readonly id: ContestantId;
  readonly name: string;
  /** Of the weights, as this contestant holds them; `null`: it did not run. */
  readonly bytes: number | null;
  /** By round; `null`: it sat out. */
  readonly ms: readonly (number | null)[];
  /** Quartiles of `ms`; `null`: it did not run. */
  readonly quartiles: Quartiles | null;
  readonly gigaMacsPerSecond: number | null;
  /** Its time over that of the packed model in the same round, quartiles. */
  readonly overPacked: Quartiles | null;
  /** A sentence, for one that did not run. */
  readonly absent: string | null;
}

/** How the reason begins of one that is too slow for a contest. */
export const LEFT_OUT = 'Left out';

export type Quartiles = readonly [low: number, median: number, high: number];

export interface ContestResult {
  readonly model: SubjectId;
  readonly batch: number;
  readonly macsPerImage: number;
  readonly weights: string;
  /** Of the images, as float32. */
  readonly inputSha256: string;
  readonly contestants: readonly ContestantResult[];
  readonly agreement: readonly Agreement[];
  /** Of the packed forward, median milliseconds. */
  readonly stages: readonly { readonly stage: string; readonly ms: number }[];
}

export interface PlaceReport {
  /** With versions. */
  readonly place: string;
  readonly kernels: LoadedKernels;
  readonly contests: readonly ContestResult[];
}

export async function runPlace(request: PlaceRequest, parts: PlaceParts): Promise<readonly ContestResult[]> {
  const results: ContestResult[] = [];
  for (const model of request.models) results.push(...(await runModel(model, request, parts)));
  return results;
}

async function runModel(model: SubjectId, request: PlaceRequest, parts: PlaceParts): Promise<readonly ContestResult[]> {
  const subject = await loadSubject(model, parts.checkpoint);
  const entries = [
    ...tfjsEntries(subject, (backend) => parts.unavailable(backend, model)),
    ...parts.peers.map((peer) => ortEntry(peer, () => parts.onnx(model))),
  ];
  const stable: Opened[] = [];
  for (const entry of entries) stable.push({ entry, ready: await entry.open(), perImageMs: null });
  const results: ContestResult[] = [];
  for (const batch of request.batches) {
    const { inChannels, imageSize } = subject.real.config;
    const images = imagesFor(subject.real, batch);
    const contest = await runContest(stable, images, [batch, inChannels, imageSize, imageSize], request);
    const macsPerImage = macsOf(subject.real);
    results.push({
      model,
      batch,
      macsPerImage,
      weights: subject.weights,
      inputSha256: await sha256(new Uint8Array(images.buffer)),
      ...summarize(contest, macsPerImage * batch),
      agreement: compareAll(
        contest.map(({ id, logits }) => ({ id, logits, batch })),
        request.foreignOnnx,
      ),
      stages: await stagesOf(stable, images, [batch, inChannels, imageSize, imageSize]),
    });
    parts.progress(`${model}, batch ${batch}: done`);
  }
  for (const { ready } of stable) if (!('absent' in ready)) await ready.dispose();
  return results;
}

interface Opened {
  readonly entry: Entry;
  readonly ready: Awaited<ReturnType<Entry['open']>>;
  /** About how long an image took, once it is known. */
  perImageMs: number | null;
}

/** One contestant in one contest. */
export interface Competed {
  readonly id: ContestantId;
  readonly bytes: number | null;
  readonly logits: Float32Array | null;
  readonly ms: readonly (number | null)[];
  readonly absent: string | null;
}

async function runContest(
  opened: readonly Opened[],
  images: Float32Array,
  shape: ImageShape,
  { seconds, slowMs }: PlaceRequest,
): Promise<readonly Competed[]> {
  const competed: Competed[] = [];
  const running: (Runner & { readonly dispose: () => void })[] = [];
  const places: number[] = [];
  const estimates: number[] = [];
  for (const each of opened) {
    const { id } = each.entry;
    const leave = (absent: string): void => {
      competed.push({ id, bytes: null, logits: null, ms: [], absent });
    };
    const { ready } = each;
    if ('absent' in ready) {
      leave(ready.absent);
      continue;
    }
    const expected = (each.perImageMs ?? 0) * shape[0];
    if (expected > slowMs) {
      leave(`${LEFT_OUT}: a run would take about ${(expected / 1000).toFixed(0)} s; --slow runs it.`);
      continue;
    }
    try {
      const runner = ready.on(images, shape);
      const { logits, ms } = await warmUp(runner);
      each.perImageMs = ms / shape[0];
      places.push(competed.length);
      running.push(runner);
      estimates.push(ms);
      competed.push({ id, bytes: ready.bytes, logits: logits.slice(), ms: [], absent: null });
    } catch (error) {
      leave(error instanceof Error ? error.message : String(error));
    }
  }
  const times = await compete(running, estimates, seconds);
  running.forEach((runner) => runner.dispose());
  return competed.map((each, i) => ({ ...each, ms: times[places.indexOf(i)] ?? [] }));
}

function summarize(contest: readonly Competed[], macs: number): Pick<ContestResult, 'contestants'> {
  const packed = contest.find(({ id }) => id === 'packed')?.ms ?? [];
  const contestants = contest.map(({ id, bytes, ms, absent }): ContestantResult => {
    const quartiles = quartilesOf(ms);
    const ratios = ms.map((time, round) => {
      const reference = packed[round] ?? null;
      return time === null || reference === null ? null : time / reference;
    });
    return {
      id,
      name: CONTESTANT_NAMES[id],
      bytes,
      ms,
      quartiles,
      gigaMacsPerSecond: quartiles && macs / quartiles[1] / 1e6,
      overPacked: quartilesOf(ratios),
      absent,
    };
  });
  return { contestants };
}

function quartilesOf(values: readonly (number | null)[]): Quartiles | null {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  const [low = NaN, median = NaN, high = NaN] = [0.25, 0.5, 0.75].map((level) => quantile(numbers, level) ?? NaN);
  return [low, median, high];
}

const PROFILES = 15;

async function stagesOf(
  opened: readonly Opened[],
  images: Float32Array,
  shape: ImageShape,
): Promise<ContestResult['stages']> {
  const ready = opened.find(({ entry }) => entry.id === 'packed')?.ready;
  if (ready === undefined || 'absent' in ready || !isPacked(ready)) return [];
  await ready.use();
  const runs = Array.from({ length: PROFILES }, () => ready.profile(images, shape));
  const [first = []] = runs;
  return first.map(({ stage }) => {
    const times = runs.flatMap((run) => run.filter((each) => each.stage === stage).map(({ ms }) => ms));
    return { stage, ms: quantile(times, 0.5) ?? NaN };
  });
}

/** Plain JavaScript takes half a minute for what wasm does in a third of a second. */
export function slowOnCpu(backend: BackendName, model: SubjectId): string | null {
  return backend === 'cpu' && model !== 'family' ? 'Plain JavaScript; measured with the embedded family only.' : null;
}
