/**
 * `npm run bench:traces`: what the panels ask of a real backbone, in Node on tfjs-wasm, one thread: binarization on the spot, traces of
 * the teacher and of both students, without gradients and with them, and the memory of it all. Medians over rounds, first one dropped.
 *
 *   npm run bench:traces -- [--model deit_tiny|deit_small|swin_tiny] [--rounds 5]
 *
 * Weights are made up from a seed: a shape's speed does not depend on them.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ARCHITECTURES } from '@/models/published';
import { loadKernels } from '@/lib/kernels/load-kernels';
import { createRng } from '@/lib/math/rng';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import { binarizeModel } from '@/models/binarize';
import { parseConfig } from '@/models/config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { randomWeights } from '@/models/random-weights';
import { DEFAULT_RECIPE, formatRecipe } from '@/models/recipe';
import { traceImage } from '@/models/trace-image';
import { kernelBytes } from '@/scripts/kernel-bytes';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const MODELS = ['deit_tiny', 'deit_small', 'swin_tiny'] as const;
/** As the app fits to. */
const CALIBRATION_PICTURES = 4;

const { values } = parseArgs({
  options: { model: { type: 'string', default: 'deit_tiny' }, rounds: { type: 'string', default: '5' } },
});

async function timed<T>(task: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const startMs = performance.now();
  const value = await task();
  return { ms: performance.now() - startMs, value };
}

function median(ms: readonly number[]): number {
  const sorted = [...ms].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

async function main(): Promise<void> {
  const id = MODELS.find((name) => name === values.model);
  const rounds = Number(values.rounds);
  if (id === undefined) throw new Error(`--model is one of ${MODELS.join(', ')}`);
  if (!Number.isInteger(rounds) || rounds < 2) throw new Error('--rounds is a number from 2 on');
  setWasmDirectory(WASM_DIRECTORY);
  await selectBackend('wasm');
  await loadKernels(kernelBytes);

  const config = parseConfig(JSON.stringify({ ...ARCHITECTURES[id].config, quantization: 'none' }));
  const random = createRng(1);
  const picture = (): Float32Array =>
    Float32Array.from({ length: config.inChannels * config.imageSize ** 2 }, () => random.normal());
  const teacher = createModel(config, randomWeights(config, 1));
  const pictures = Array.from({ length: CALIBRATION_PICTURES }, picture);
  console.log(`${new Date().toISOString()}  ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`${id}, Node ${process.version}, tfjs-wasm, recipe ${formatRecipe(DEFAULT_RECIPE)}`);

  const fitted = await timed(() => binarizeModel(teacher, DEFAULT_RECIPE, pictures));
  console.log(`binarized, fitted to ${CALIBRATION_PICTURES} pictures`.padEnd(46), `${fitted.ms.toFixed(0)} ms`);
  const linears = await timed(() => binarizeModel(teacher, { ...DEFAULT_RECIPE, linears: true }, pictures));
  const subjects: readonly (readonly [string, Model])[] = [
    ['teacher', teacher],
    ['attention and q, k, v binarized', fitted.value],
    ['all binarized', linears.value],
  ];
  let mostBytes = process.memoryUsage().rss;
  for (const [name, model] of subjects) {
    for (const gradients of [false, true]) {
      const ms: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const image = picture();
        ms.push((await timed(() => traceImage(model, image, { gradients, lossClass: 'predicted' }))).ms);
        mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
      }
      console.log(
        `trace, ${name}${gradients ? ', with gradients' : ''}`.padEnd(46),
        `${median(ms.slice(1)).toFixed(0)} ms`,
      );
    }
  }
  console.log('memory of the process, at most'.padEnd(46), megabytes(mostBytes));
  console.log('of it the three models in tfjs'.padEnd(46), megabytes(tf.memory().numBytes));
}

await main();
