/** The bench's report as lines to print. */
import type { Agreement } from '@/scripts/bench/agreement';
import { BENCH_MODELS } from '@/scripts/bench/bench-models';
import { CONTESTANT_NAMES, type ContestantId } from '@/scripts/bench/contestant';
import {
  LEFT_OUT,
  type ContestantResult,
  type ContestResult,
  type Quartiles,
  type RuntimeReport,
} from '@/scripts/bench/run-contests';
import { markdownTable } from '@/scripts/text-table';

export interface BenchReport {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    /** Over one minute, before and after. */
    readonly load: readonly [before: number, after: number];
  };
  readonly settings: Readonly<Record<string, string>>;
  /** SHA-256 of the ONNX files, by model. */
  readonly onnx: Readonly<Record<string, string>>;
  readonly runtimes: readonly RuntimeReport[];
}

export function describeReport({ date, machine, settings, onnx, runtimes }: BenchReport): readonly string[] {
  return [
    `${date.slice(0, 10)}; ${machine.cpu}, ${machine.cores} cores, load ${machine.load.map((load) => load.toFixed(1)).join(' to ')}`,
    ...Object.entries(settings).map(([what, text]) => `${what}: ${text}`),
    ...Object.entries(onnx).map(([model, hash]) => `ONNX of ${model}: SHA-256 ${hash}`),
    ...runtimes.flatMap(({ runtime, kernels, contests }) => [
      '',
      `== ${runtime}; ${kernels.kind === 'fast' ? `our kernels: ${kernels.file}` : kernels.reason}`,
      // What never ran in this runtime, once.
      ...new Set(contests.flatMap(({ contestants }) => describeAbsent(contestants, false))),
      ...contests.flatMap(describeContest),
      '',
      ...describeRatios(contests, runtimes),
    ]),
  ];
}

function describeContest(contest: ContestResult): readonly string[] {
  const { model, batch, macsPerImage, weights, inputSha256, contestants, agreement, stages } = contest;
  return [
    '',
    `${BENCH_MODELS[model]}, batch ${batch}: ${(macsPerImage / 1e6).toFixed(1)} M MACs an image; weights ${weights}; input SHA-256 ${inputSha256.slice(0, 16)}`,
    ...markdownTable(
      ['contestant', 'median ms', 'quartiles', 'best', 'ms/image', 'over packed', 'GMAC/s', 'weights MB', 'turns'],
      contestants.flatMap((each) => (each.quartiles === null ? [] : [row(each, each.quartiles, batch)])),
    ),
    ...describeAbsent(contestants, true),
    ...agreement.map(describeAgreement),
    ...describeStages(stages),
  ];
}

/** @param leftOut those left out of one contest, or those that run in none */
function describeAbsent(contestants: readonly ContestantResult[], leftOut: boolean): readonly string[] {
  return contestants.flatMap(({ name, absent }) =>
    absent === null || absent.startsWith(LEFT_OUT) !== leftOut ? [] : [`not run: ${name}: ${absent}`],
  );
}

function row(result: ContestantResult, [low, median, high]: Quartiles, batch: number): readonly string[] {
  const { id, name, bytes, ms, gigaMacsPerSecond, overPacked } = result;
  const times = ms.filter((time) => time !== null);
  return [
    name,
    digits(median),
    `${digits(low)} to ${digits(high)}`,
    // On a busy machine, the closest to a quiet one.
    digits(Math.min(...times)),
    digits(median / batch),
    id === 'packed' ? '1' : overPacked === null ? 'n/a' : ratio(overPacked),
    digits(gigaMacsPerSecond ?? NaN),
    digits((bytes ?? NaN) / 1e6),
    String(times.length),
  ];
}

function describeAgreement({ a, b, images, sameClass, largestDifference, largestLogit }: Agreement): string {
  const names = `${CONTESTANT_NAMES[b]} and ${CONTESTANT_NAMES[a]}`;
  return `agree: ${names}: same class ${sameClass} of ${images}, max |d| ${largestDifference.toExponential(1)} of logits up to ${digits(largestLogit)}`;
}

function describeStages(stages: ContestResult['stages']): readonly string[] {
  const total = stages.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return [];
  const shares = stages.map(({ stage, ms }) => `${stage} ${((100 * ms) / total).toFixed(0)} %`);
  return [`packed, by stage: ${shares.join(', ')} of ${digits(total)} ms`];
}

const PEERS: readonly ContestantId[] = ['ort-web', 'tfjs-wasm', 'float-binary', 'ort-node'];

/** How much faster the packed model is. The native onnxruntime runs in Node only, so elsewhere medians are compared. */
function describeRatios(contests: readonly ContestResult[], runtimes: readonly RuntimeReport[]): readonly string[] {
  const all = runtimes.flatMap((each) => each.contests);
  const rows = contests.map((contest) => [
    `${BENCH_MODELS[contest.model]}, batch ${contest.batch}`,
    ...PEERS.map((id) => {
      const over = resultOf(contest, id)?.overPacked ?? null;
      if (over !== null) return ratio(over);
      const same = all.filter(({ model, batch }) => model === contest.model && batch === contest.batch);
      const inNode = id === 'ort-node' ? same.map((each) => resultOf(each, id)?.quartiles).find(Boolean) : null;
      const packed = resultOf(contest, 'packed')?.quartiles;
      return inNode && packed ? `${digits(inNode[1] / packed[1])}x, that in Node` : 'n/a';
    }),
  ]);
  return markdownTable(['packed is faster than', ...PEERS.map((id) => CONTESTANT_NAMES[id])], rows);
}

function resultOf({ contestants }: ContestResult, id: ContestantId): ContestantResult | undefined {
  return contestants.find((each) => each.id === id);
}

function ratio([low, median, high]: Quartiles): string {
  return `${digits(median)}x (${digits(low)} to ${digits(high)})`;
}

/** Three significant digits. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  return value.toFixed(Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))));
}
