/** The bench's report as lines to print. */
import type { Agreement } from '@/scripts/bench/agreement';
import { CONTESTANT_NAMES, type ContestantId } from '@/scripts/bench/contestant';
import {
  LEFT_OUT,
  type ContestantResult,
  type ContestResult,
  type PlaceReport,
  type Quartiles,
} from '@/scripts/bench/run-runtime';
import { SUBJECT_NAMES } from '@/scripts/bench/bench-models';

export interface BenchReport {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    /** Of one minute, before and after. */
    readonly load: readonly [before: number, after: number];
  };
  /** Of what competes, and how it is set. */
  readonly settings: Readonly<Record<string, string>>;
  /** SHA-256 of the ONNX files, by model. */
  readonly onnx: Readonly<Record<string, string>>;
  readonly places: readonly PlaceReport[];
}

export function describeReport({ date, machine, settings, onnx, places }: BenchReport): readonly string[] {
  return [
    `${date.slice(0, 10)}; ${machine.cpu}, ${machine.cores} cores, load ${machine.load.map((load) => load.toFixed(1)).join(' to ')}`,
    ...Object.entries(settings).map(([what, text]) => `${what}: ${text}`),
    ...Object.entries(onnx).map(([model, hash]) => `ONNX of ${model}: SHA-256 ${hash}`),
    ...places.flatMap((place) => describePlace(place, places)),
  ];
}

function describePlace({ place, kernels, contests }: PlaceReport, places: readonly PlaceReport[]): readonly string[] {
  const form = kernels.kind === 'fast' ? `our kernels: ${kernels.file}` : kernels.reason;
  return [
    '',
    `== ${place}; ${form}`,
    ...describeAbsent(contests),
    ...contests.flatMap(describeContest),
    '',
    ...describeRatios(contests, places),
  ];
}

function describeContest(contest: ContestResult): readonly string[] {
  const { model, batch, macsPerImage, weights, inputSha256, contestants, agreement, stages } = contest;
  const ran = contestants.filter(({ quartiles }) => quartiles !== null);
  const left = contestants.filter(({ absent }) => absent !== null && isOfContest(absent));
  return [
    '',
    `${SUBJECT_NAMES[model]}, batch ${batch}: ${(macsPerImage / 1e6).toFixed(1)} M MACs an image; weights ${weights}; input SHA-256 ${inputSha256.slice(0, 16)}`,
    ...table(
      ['contestant', 'median ms', 'quartiles', 'best', 'ms/image', 'over packed', 'GMAC/s', 'weights MB', 'turns'],
      ran.map((each) => row(each, batch)),
    ),
    ...left.map(({ name, absent }) => `not run: ${name}: ${absent ?? ''}`),
    ...agreement.map(describeAgreement),
    ...describeStages(stages),
  ];
}

/** What never ran here, once. */
function describeAbsent(contests: readonly ContestResult[]): readonly string[] {
  const lines = contests.flatMap(({ contestants }) =>
    contestants.flatMap(({ name, absent }) =>
      absent === null || isOfContest(absent) ? [] : [`not run: ${name}: ${absent}`],
    ),
  );
  return [...new Set(lines)];
}

/** Left out of one contest, not of all of them. */
function isOfContest(absent: string): boolean {
  return absent.startsWith(LEFT_OUT);
}

function row(result: ContestantResult, batch: number): readonly string[] {
  const { id, name, bytes, ms, quartiles, gigaMacsPerSecond, overPacked } = result;
  const [low, median, high] = quartiles ?? [NaN, NaN, NaN];
  return [
    name,
    digits(median),
    `${digits(low)} to ${digits(high)}`,
    // On a busy machine, what comes nearest to a quiet one.
    digits(Math.min(...ms.filter((time) => time !== null))),
    digits(median / batch),
    id === 'packed' ? '1' : overPacked === null ? 'n/a' : ratio(overPacked),
    digits(gigaMacsPerSecond ?? NaN),
    digits((bytes ?? NaN) / 1e6),
    String(ms.filter((time) => time !== null).length),
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

/**
 * What the packed model gains, in one table. What runs in another place only is compared median by median.
 */
function describeRatios(contests: readonly ContestResult[], places: readonly PlaceReport[]): readonly string[] {
  const header = ['packed is faster than', ...PEERS.map((id) => CONTESTANT_NAMES[id])];
  const elsewhere = places.flatMap((place) => place.contests);
  const rows = contests.map((contest) => [
    `${SUBJECT_NAMES[contest.model]}, batch ${contest.batch}`,
    ...PEERS.map((id) => {
      const over = resultOf(contest, id)?.overPacked ?? null;
      if (over !== null) return ratio(over);
      const other = elsewhere
        .filter(({ model, batch }) => model === contest.model && batch === contest.batch)
        .map((each) => (id === 'ort-node' ? resultOf(each, id)?.quartiles : null))
        .find((quartiles) => quartiles !== null && quartiles !== undefined);
      const own = resultOf(contest, 'packed')?.quartiles;
      return !other || !own ? 'n/a' : `${digits(other[1] / own[1])}x, that in Node`;
    }),
  ]);
  return table(header, rows);
}

function resultOf({ contestants }: ContestResult, id: ContestantId): ContestantResult | undefined {
  return contestants.find((each) => each.id === id);
}

function ratio([low, median, high]: Quartiles): string {
  return `${digits(median)}x (${digits(low)} to ${digits(high)})`;
}

/** Three significant ones. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  return value.toFixed(Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)];
}
