/**
 * `npm run bench:kernels [-- --rounds 301] [--relaxed]`: packed products against tfjs-wasm's fp32 matMul, in Node, on one thread.
 *
 * Every round times each contestant once, one after the other, so that other load on the machine affects all of them; a ratio is the
 * median of the rounds' ratios, with quartiles; `undisturbed` is the ratio of the tenth percentiles, which is stable on a busy
 * machine. `packing` is packing the activations; weights are packed once.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { multiplyHeads, packHeadRows, packKeys, packValues, type HeadRule } from '@/lib/kernels/binary-heads';
import { binaryLinear, packSigns, packWeights } from '@/lib/kernels/binary-linear';
import { quantile } from '@/lib/math/quantile';
import { createRng } from '@/lib/math/rng';
import { tf } from '@/lib/tf';
import { positiveNumber } from '@/scripts/command';
import { startBackend, startKernels } from '@/scripts/node-tfjs';

/** DeiT-Tiny: 197 tokens, 192 channels, 3 heads of 64. */
const TOKENS = 197;
const HEADS = 3;
const HEAD_SIZE = 64;
const LINEARS = [
  { name: 'qkv', from: 192, to: 576 },
  { name: 'proj', from: 192, to: 192 },
  { name: 'fc1', from: 192, to: 768 },
  { name: 'fc2', from: 768, to: 192 },
] as const;

/** Long enough for the clock, and shorter than the system's time slices. */
const ROUND_MS = 1;

type Run = () => tf.Tensor;

interface Contest {
  readonly name: string;
  readonly macs: number;
  /** Float product, packed product, and packed product including packing its activations. */
  readonly contestants: readonly [float: Run, packed: Run, withPacking: Run];
}

function normals(shape: readonly number[], seed: number): tf.Tensor {
  const rng = createRng(seed);
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => rng.normal());
  return tf.tensor(values, [...shape]);
}

const signsOf = (x: tf.Tensor2D): tf.Tensor2D => tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(x, 0), 'float32')), 1);

function linearContest({ name, from, to }: (typeof LINEARS)[number]): Contest {
  const x = normals([TOKENS, from], 1) as tf.Tensor2D;
  const weight = normals([to, from], 2) as tf.Tensor2D;
  const [signs, weightSigns] = [signsOf(x), tf.transpose(signsOf(weight))]; // [N, I], [I, O]
  const [rows, weights] = [packSigns(x), packWeights(weight, tf.mean<tf.Tensor1D>(tf.abs(weight), 1))];
  expectEqual(name, tf.matMul(signs, weightSigns), binaryLinear(rows, packWeights(weight, tf.ones([to]))));
  return {
    name: `${name}, ${TOKENS} x ${from} -> ${to}`,
    macs: TOKENS * from * to,
    contestants: [
      // The scale is left out: full precision has none, so the packed side gets no credit for fusing it.
      () => tf.matMul(signs, weightSigns),
      () => binaryLinear(rows, weights),
      () => tf.tidy(() => binaryLinear(packSigns(x), weights)),
    ],
  };
}

/** Both sides compute sums of the same signs. */
function expectEqual(name: string, floats: tf.Tensor, packed: tf.Tensor): void {
  const [expected, sums] = [floats.dataSync(), packed.dataSync()];
  const wrong = sums.findIndex((sum, i) => sum !== expected[i]);
  if (wrong >= 0) throw new Error(`${name}: element ${wrong} is ${sums[wrong]}, expected ${expected[wrong]}`);
  tf.dispose([floats, packed]);
}

function headContests(): readonly Contest[] {
  const headsOf = (seed: number, size = HEAD_SIZE) => normals([1, HEADS, TOKENS, size], seed) as tf.Tensor4D;
  const [q, k, v, p] = [headsOf(3), headsOf(4), headsOf(5), tf.softmax(headsOf(6, TOKENS))];
  const signs = { kind: 'sign-alpha', alpha: tf.ones<tf.Rank.R1>([HEADS]), zeroPoint: null } as const;
  const elastic: HeadRule = { kind: 'elastic', alpha: tf.fill<tf.Rank.R1>([HEADS], 2 / TOKENS) };
  const [queries, keys] = [packHeadRows(q, signs), packKeys(k, signs)];
  const [attention, values] = [packHeadRows(p, elastic), packValues(v, signs)];
  // Head by head: on batches of matrices tfjs-wasm does not use its fast kernel, and is ten times slower.
  const matrices = (x: tf.Tensor4D) => tf.unstack(tf.reshape<tf.Rank.R3>(x, [HEADS, TOKENS, -1])) as tf.Tensor2D[];
  const [qs, ks, vs, ps] = [matrices(q), matrices(k).map((head) => tf.transpose(head)), matrices(v), matrices(p)];
  const headByHead = (left: readonly tf.Tensor2D[], right: readonly tf.Tensor2D[]) => () =>
    tf.tidy(() => left.map((head, h) => tf.matMul(head, right[h] as tf.Tensor2D)).at(-1) as tf.Tensor);
  const macs = HEADS * TOKENS * TOKENS * HEAD_SIZE;
  return [
    {
      name: `q k^T, ${HEADS} heads of ${TOKENS} x ${HEAD_SIZE}`,
      macs,
      contestants: [
        headByHead(qs, ks),
        () => multiplyHeads(queries, keys),
        () => tf.tidy(() => multiplyHeads(packHeadRows(q, signs), packKeys(k, signs))),
      ],
    },
    {
      name: `attention x v, ${HEADS} heads of ${TOKENS} x ${TOKENS}`,
      macs,
      contestants: [
        headByHead(ps, vs),
        () => multiplyHeads(attention, values),
        () => tf.tidy(() => multiplyHeads(packHeadRows(p, elastic), packValues(v, signs))),
      ],
    },
  ];
}

function timeMs(run: Run, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) run().dispose();
  return (performance.now() - start) / times;
}

/** @returns milliseconds by contestant and round */
function measure(contestants: readonly Run[], rounds: number): readonly (readonly number[])[] {
  const repeats = contestants.map((run) => {
    timeMs(run, 30); // until the optimizing compiler has done its work
    return Math.max(1, Math.round(ROUND_MS / timeMs(run, 10)));
  });
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    contestants.forEach((run, i) => times[i]?.push(timeMs(run, repeats[i] ?? 1)));
  return times;
}

const quantileOf = (numbers: readonly number[], level: number): number => quantile(numbers, level) ?? NaN;

function describeRatio(floats: readonly number[], packed: readonly number[]): string {
  const ratios = floats.map((ms, round) => ms / (packed[round] ?? NaN));
  const [low, median, high] = [0.25, 0.5, 0.75].map((level) => quantileOf(ratios, level).toFixed(1));
  const undisturbed = quantileOf(floats, 0.1) / quantileOf(packed, 0.1);
  return `${median}x (${low} to ${high}), undisturbed ${undisturbed.toFixed(1)}x`;
}

function report({ name, macs, contestants }: Contest, rounds: number): readonly string[] {
  const times = measure(contestants, rounds);
  const [float = [], packed = [], withPacking = []] = times;
  const speeds = times.map((ms) => {
    const median = quantileOf(ms, 0.5);
    return `${(median * 1000).toFixed(0)} us, ${(macs / median / 1e6).toFixed(1)} GMAC/s`;
  });
  return [name, ...speeds, describeRatio(float, packed), describeRatio(float, withPacking)];
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '301' }, relaxed: { type: 'boolean', default: false } },
});
const rounds = positiveNumber(values.rounds, 'rounds');
// Node 20 has behind a flag what Chromium has had since 114.
if (values.relaxed) setFlagsFromString('--experimental-wasm-relaxed-simd');
await startBackend();
const kernels = await startKernels();
if (kernels.kind === 'absent') throw new Error(kernels.reason);

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}
Node ${process.version}, V8 ${process.versions.v8}, tfjs ${tf.version_core} wasm SIMD, ours ${kernels.file}, one thread
${rounds} interleaved rounds of about ${ROUND_MS} ms; medians, ratios with quartiles; the linears' outputs agree exactly
`,
);
const header = ['product', 'tfjs-wasm fp32', 'packed', 'packed, with packing', 'ratio', 'ratio with packing'];
console.log(`| ${header.join(' | ')} |\n|${header.map(() => ' --- |').join('')}`);
for (const contest of [...LINEARS.map(linearContest), ...headContests()])
  console.log(`| ${report(contest, rounds).join(' | ')} |`);
