/**
 * `npm run bench:kernels [-- --rounds 301] [--relaxed]`: the packed products against tfjs-wasm's fp32 matMul, in Node, on one thread.
 *
 * Every round times each contestant once, one after the other, so that whatever else the machine does meets all of them; a ratio
 * is the median of the rounds' ratios, with its quartiles; `undisturbed` is the ratio of the tenth percentiles, which stands still
 * on a machine that is busy. `packing` is packing the activations; weights are packed once.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { multiplyHeads, packHeadRows, packKeys, packValues, type HeadRule } from '@/lib/kernels/binary-heads';
import { binaryLinear, packSigns, packWeights } from '@/lib/kernels/binary-linear';
import { registerKernels } from '@/lib/kernels/register';
import { kernelFile } from '@/lib/kernels/wasm-module';
import { quantile } from '@/lib/math/quantile';
import { createRng } from '@/lib/math/rng';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import { kernelBytes } from '@/scripts/kernel-bytes';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '301' }, relaxed: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
// Node 20 has behind a flag what Chromium has had since 114.
if (values.relaxed) setFlagsFromString('--experimental-wasm-relaxed-simd');

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

/** Long enough for the clock, and shorter than the slices in which the system gives time to others. */
const ROUND_MS = 1;

interface Contest {
  readonly name: string;
  readonly macs: number;
  /** Float product, packed product, and packed product with the packing of what enters; each returns its result. */
  readonly contestants: readonly [float: Run, packed: Run, withPacking: Run];
}

type Run = () => tf.Tensor;

function normals(shape: readonly number[], seed: number): tf.Tensor {
  const rng = createRng(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    [...shape],
  );
}

function linearContest({ name, from, to }: (typeof LINEARS)[number]): Contest {
  const x = normals([TOKENS, from], 1) as tf.Tensor2D;
  const weight = normals([to, from], 2) as tf.Tensor2D;
  const scale = tf.mean<tf.Tensor1D>(tf.abs(weight), 1);
  const signsOf = (t: tf.Tensor2D) => tf.sub<tf.Tensor2D>(tf.mul(2, tf.cast(tf.greaterEqual(t, 0), 'float32')), 1);
  const [signs, weightSigns] = [signsOf(x), tf.transpose(signsOf(weight))]; // [N, I], [I, O]
  const [rows, weights] = [packSigns(x), packWeights(weight, scale)];
  return {
    name: `${name}, ${TOKENS} x ${from} -> ${to}`,
    macs: TOKENS * from * to,
    contestants: [
      // The scale is left out: full precision has none, and so the packed side gets no credit for fusing it.
      () => tf.matMul(signs, weightSigns),
      () => binaryLinear(rows, weights),
      () => tf.tidy(() => binaryLinear(packSigns(x), weights)),
    ],
  };
}

function headContests(): readonly Contest[] {
  const shape = [1, HEADS, TOKENS, HEAD_SIZE] as const;
  const [q, k, v] = [3, 4, 5].map((seed) => normals(shape, seed) as tf.Tensor4D) as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const p = tf.softmax(normals([1, HEADS, TOKENS, TOKENS], 6) as tf.Tensor4D);
  const signs = { kind: 'sign-alpha', alpha: tf.ones<tf.Rank.R1>([HEADS]), zeroPoint: null } as const;
  const elastic: HeadRule = { kind: 'elastic', alpha: tf.fill<tf.Rank.R1>([HEADS], 2 / TOKENS) };
  const [queries, keys, values, attention] = [
    packHeadRows(q, signs),
    packKeys(k, signs),
    packValues(v, signs),
    packHeadRows(p, elastic),
  ];
  // Head by head: on batches of matrices tfjs-wasm leaves its fast kernel, and is ten times slower.
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

/** @returns milliseconds of each contestant, round by round */
function measure({ contestants }: Contest): readonly (readonly number[])[] {
  const repeats = contestants.map((run) => {
    timeMs(run, 30); // until it is compiled by the optimizing tier
    return Math.max(1, Math.round(ROUND_MS / timeMs(run, 10)));
  });
  return Array.from({ length: rounds }, () => contestants.map((run, i) => timeMs(run, repeats[i] ?? 1)));
}

/** @param levels in percent */
const percentiles = (numbers: readonly number[], ...levels: readonly number[]): readonly number[] =>
  levels.map((level) => quantile(numbers, level / 100) ?? NaN);

function describeRatio(floats: readonly number[], packed: readonly number[]): string {
  const ratios = floats.map((ms, round) => ms / (packed[round] ?? NaN));
  const [low = NaN, middle = NaN, high = NaN] = percentiles(ratios, 25, 50, 75);
  const [undisturbedFloat = NaN, undisturbed = NaN] = [floats, packed].map((ms) => percentiles(ms, 10)[0] ?? NaN);
  return `${middle.toFixed(1)}x (${low.toFixed(1)} to ${high.toFixed(1)}), undisturbed ${(undisturbedFloat / undisturbed).toFixed(1)}x`;
}

function report(contest: Contest): readonly string[] {
  const times = measure(contest);
  const columns = [0, 1, 2].map((i) => times.map((round) => round[i] ?? NaN));
  const [float = [], packed = [], withPacking = []] = columns;
  const speeds = [float, packed, withPacking].map((ms) => {
    const [median = NaN] = percentiles(ms, 50);
    return `${(median * 1000).toFixed(0)} us, ${(contest.macs / median / 1e6).toFixed(1)} GMAC/s`;
  });
  return [contest.name, ...speeds, describeRatio(float, packed), describeRatio(float, withPacking)];
}

/** Both sides compute sums of the same signs; the packed side scales them. */
function expectAgreement(): void {
  tf.tidy(() => {
    for (const { from, to } of LINEARS) {
      const x = normals([TOKENS, from], 1) as tf.Tensor2D;
      const weight = normals([to, from], 2) as tf.Tensor2D;
      const signs = [x, weight].map(
        (t) => tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(t, 0), 'float32')), 1) as tf.Tensor2D,
      );
      const [left, right] = signs as [tf.Tensor2D, tf.Tensor2D];
      const expected = tf.matMul(left, tf.transpose(right)).dataSync();
      const sums = binaryLinear(packSigns(x), packWeights(weight, tf.ones([to]))).dataSync();
      const wrong = sums.findIndex((sum, i) => sum !== expected[i]);
      if (wrong >= 0)
        throw new Error(`${from} -> ${to}: element ${wrong} is ${sums[wrong]}, expected ${expected[wrong]}`);
    }
  });
}

setWasmDirectory(WASM_DIRECTORY);
const { backend } = await selectBackend('wasm');
const form = await registerKernels(await kernelBytes(kernelFile()));
if (backend !== 'wasm' || form.kind !== 'fast') throw new Error('the fast kernels do not run here');

expectAgreement();
const [cpu] = cpus();
console.log(`${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
console.log(
  `Node ${process.version}, V8 ${process.versions.v8}, tfjs ${tf.version_core} wasm SIMD, ours ${kernelFile()}, one thread`,
);
console.log(
  `${rounds} interleaved rounds of about ${ROUND_MS} ms; medians, ratios with quartiles; the linears' outputs agree exactly\n`,
);
const header = ['product', 'tfjs-wasm fp32', 'packed', 'packed, with packing', 'ratio', 'ratio with packing'];
console.log(`| ${header.join(' | ')} |\n|${header.map(() => ' --- |').join('')}`);
for (const contest of [...LINEARS.map(linearContest), ...headContests()])
  console.log(`| ${report(contest).join(' | ')} |`);
