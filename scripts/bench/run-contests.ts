/** Every model at every batch size with every contestant, in one runtime: Node or a browser's worker. */
import { sha256 } from '@/lib/checkpoints/hash';
import type { LoadedKernels } from '@/lib/kernels/load-kernels';
import { quantile } from '@/lib/math/quantile';
import type { BackendName } from '@/lib/tf';
import type { StageTime } from '@/models/packed-model';
import { compareAll, type Agreement } from '@/scripts/bench/agreement';
import { imagesFor, loadBenchModel, macsOf, type BenchModelId } from '@/scripts/bench/bench-models';
import {
  CONTESTANT_NAMES,
  type Absent,
  type ContestantId,
  type ImageShape,
  type Ready,
} from '@/scripts/bench/contestant';
import { ortEntry, type OrtPeer } from '@/scripts/bench/ort-contestant';
import { compete, warmUp, type Runner } from '@/scripts/bench/rounds';
import { tfjsEntries } from '@/scripts/bench/tfjs-contestants';

export interface ContestRequest {
  readonly models: readonly BenchModelId[];
  readonly batches: readonly number[];
  /** For each contestant in each contest: a model at a batch size. */
  readonly seconds: number;
  /** Contestants whose run would take longer are left out. */
  readonly slowMs: number;
  /** onnxruntime runs a file of the user's, whose logits are compared with nothing. */
  readonly foreignOnnx: boolean;
}

/** What Node and the browser do differently. */
export interface Runtime {
  /** A file of `models/families/fashion-mnist`. */
  readonly checkpoint: (file: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly onnx: (model: BenchModelId) => Promise<Uint8Array>;
  readonly peers: readonly OrtPeer[];
  /** Why a backend does not run here, a sentence; `null` when it does. */
  readonly unavailable: (backend: BackendName) => string | null;
  readonly progress: (line: string) => void;
}

export interface ContestantResult {
  readonly id: ContestantId;
  readonly name: string;
  /** Size of its weights in memory; `null` when it did not run. */
  readonly bytes: number | null;
  /** By round; `null` where it sat out. */
  readonly ms: readonly (number | null)[];
  /** Of `ms`; `null` when it did not run. */
  readonly quartiles: Quartiles | null;
  readonly gigaMacsPerSecond: number | null;
  /** Its time over that of the packed model in the same round. */
  readonly overPacked: Quartiles | null;
  /** Why it did not run, a sentence. */
  readonly absent: string | null;
}

/** How the reason of a contestant that is too slow for one contest begins. */
export const LEFT_OUT = 'Left out';

export type Quartiles = readonly [low: number, median: number, high: number];

export interface ContestResult {
  readonly model: BenchModelId;
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

export interface RuntimeReport {
  /** With versions. */
  readonly runtime: string;
  readonly kernels: LoadedKernels;
  readonly contests: readonly ContestResult[];
}

export async function runContests(request: ContestRequest, runtime: Runtime): Promise<readonly ContestResult[]> {
  const results: ContestResult[] = [];
  for (const model of request.models) results.push(...(await runModel(model, request, runtime)));
  return results;
}

async function runModel(id: BenchModelId, request: ContestRequest, runtime: Runtime): Promise<ContestResult[]> {
  const model = await loadBenchModel(id, runtime.checkpoint);
  const entries = [
    ...tfjsEntries(model, (backend) => slowOnCpu(backend, id) ?? runtime.unavailable(backend)),
    ...runtime.peers.map((peer) => ortEntry(peer, () => runtime.onnx(id))),
  ];
  const opened: Opened[] = [];
  for (const entry of entries) opened.push({ id: entry.id, ready: await entry.open(), perImageMs: null });
  const { inChannels, imageSize } = model.fullPrecision.config;
  const macsPerImage = macsOf(model.fullPrecision);
  const results: ContestResult[] = [];
  for (const batch of request.batches) {
    const images = imagesFor(model.fullPrecision, batch);
    const shape = [batch, inChannels, imageSize, imageSize] as const;
    const timed = await runContest(opened, images, shape, request);
    results.push({
      model: id,
      batch,
      macsPerImage,
      weights: model.source,
      inputSha256: await sha256(new Uint8Array(images.buffer)),
      contestants: summarize(timed, macsPerImage * batch),
      agreement: compareAll(timed, batch, request.foreignOnnx),
      stages: await stagesOf(opened, images, shape),
    });
    runtime.progress(`${id}, batch ${batch}: done`);
  }
  for (const { ready } of opened) if (!('absent' in ready)) await ready.dispose();
  return results;
}

/** Plain JavaScript takes half a minute for what wasm does in a third of a second. */
function slowOnCpu(backend: BackendName, model: BenchModelId): string | null {
  return backend === 'cpu' && model !== 'family' ? 'Plain JavaScript; measured with the embedded family only.' : null;
}

interface Opened {
  readonly id: ContestantId;
  readonly ready: Ready | Absent;
  /** About how long an image took, once it is known. */
  perImageMs: number | null;
}

/** A contestant in one contest, before and after it was timed. */
interface Prepared {
  readonly id: ContestantId;
  readonly bytes: number | null;
  readonly logits: Float32Array | null;
  readonly absent: string | null;
  /** `null` when absent. */
  readonly running: { readonly runner: Runner & { readonly dispose: () => void }; readonly estimateMs: number } | null;
}
type Timed = Omit<Prepared, 'running'> & Pick<ContestantResult, 'ms'>;

async function runContest(
  opened: readonly Opened[],
  images: Float32Array,
  shape: ImageShape,
  { seconds, slowMs }: ContestRequest,
): Promise<readonly Timed[]> {
  const prepared: Prepared[] = [];
  for (const each of opened) prepared.push(await prepare(each, images, shape, slowMs));
  const running = prepared.flatMap((each) => each.running ?? []);
  const times = await compete(
    running.map(({ runner }) => runner),
    running.map(({ estimateMs }) => estimateMs),
    seconds,
  );
  for (const { runner } of running) runner.dispose();
  return prepared.map(({ running: own, ...each }) => ({ ...each, ms: (own && times[running.indexOf(own)]) ?? [] }));
}

async function prepare(each: Opened, images: Float32Array, shape: ImageShape, slowMs: number): Promise<Prepared> {
  const { id, ready, perImageMs } = each;
  const leave = (absent: string): Prepared => ({ id, bytes: null, logits: null, absent, running: null });
  if ('absent' in ready) return leave(ready.absent);
  const expectedMs = (perImageMs ?? 0) * shape[0];
  if (expectedMs > slowMs) {
    return leave(`${LEFT_OUT}: a run would take about ${(expectedMs / 1000).toFixed(0)} s; --slow runs it.`);
  }
  try {
    const runner = ready.on(images, shape);
    const { logits, ms } = await warmUp(runner);
    each.perImageMs = ms / shape[0];
    return { id, bytes: ready.bytes, logits: logits.slice(), absent: null, running: { runner, estimateMs: ms } };
  } catch (error) {
    return leave(error instanceof Error ? error.message : String(error));
  }
}

function summarize(timed: readonly Timed[], macs: number): readonly ContestantResult[] {
  const packed = timed.find(({ id }) => id === 'packed')?.ms ?? [];
  return timed.map(({ id, bytes, ms, absent }) => {
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
}

function quartilesOf(values: readonly (number | null)[]): Quartiles | null {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  const [low = NaN, median = NaN, high = NaN] = [0.25, 0.5, 0.75].map((level) => quantile(numbers, level) ?? NaN);
  return [low, median, high];
}

const PROFILES = 15;

async function stagesOf(opened: readonly Opened[], images: Float32Array, shape: ImageShape) {
  const ready = opened.find(({ id }) => id === 'packed')?.ready;
  if (ready === undefined || 'absent' in ready || ready.profile === undefined) return [];
  const runs: StageTime[][] = [];
  for (let i = 0; i < PROFILES; i++) runs.push([...(await ready.profile(images, shape))]);
  return (runs[0] ?? []).map(({ stage }) => {
    const times = runs.flatMap((run) => run.filter((each) => each.stage === stage).map(({ ms }) => ms));
    return { stage, ms: quantile(times, 0.5) ?? NaN };
  });
}
