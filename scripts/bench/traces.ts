/**
 * `npm run bench:traces`: what the panels need of a large model, in Node on tfjs-wasm, one thread: post-training binarization, traces of
 * the teacher and of two students, with and without gradients, and memory. Medians over rounds, the first one dropped.
 *
 *   npm run bench:traces -- [--model deit_tiny|deit_small|swin_tiny] [--rounds 5]
 *
 * Weights are random from a seed: the speed does not depend on them.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { quantile } from '@/lib/math/quantile';
import { tf } from '@/lib/tf';
import { binarizeModel } from '@/models/binarize';
import { createModel } from '@/models/create-model';
import type { Model } from '@/models/model';
import { DEFAULT_RECIPE, formatRecipe } from '@/models/recipe';
import { traceImage } from '@/models/trace-image';
import { imagesFor, randomFullPrecision } from '@/scripts/bench/bench-models';
import { oneOf, positiveNumber } from '@/scripts/command';
import { startBackend, startKernels } from '@/scripts/node-tfjs';

/** As many as the app calibrates on. */
const CALIBRATION_PICTURES = 4;

const { values } = parseArgs({
  options: { model: { type: 'string', default: 'deit_tiny' }, rounds: { type: 'string', default: '5' } },
});
const id = oneOf(values.model, 'model', ['deit_tiny', 'deit_small', 'swin_tiny']);
const rounds = positiveNumber(values.rounds, 'rounds');
if (rounds < 2) throw new Error('--rounds is 2 or more: the first one is dropped.');

async function timed<T>(task: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const startMs = performance.now();
  const value = await task();
  return { ms: performance.now() - startMs, value };
}

const print = (what: string, value: string): void => console.log(what.padEnd(46), value);
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

await startBackend();
await startKernels();
const weights = randomFullPrecision(id);
const teacher = createModel(weights.config, weights.tensors);
const all = imagesFor(weights, CALIBRATION_PICTURES + rounds);
const size = all.length / (CALIBRATION_PICTURES + rounds);
const pictures = Array.from({ length: CALIBRATION_PICTURES + rounds }, (_, i) => all.slice(i * size, (i + 1) * size));
const calibration = pictures.slice(0, CALIBRATION_PICTURES);
console.log(`${new Date().toISOString()}  ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(`${id}, Node ${process.version}, tfjs-wasm, recipe ${formatRecipe(DEFAULT_RECIPE)}`);

const fitted = await timed(() => binarizeModel(teacher, DEFAULT_RECIPE, calibration));
print(`binarized, fitted to ${CALIBRATION_PICTURES} pictures`, `${fitted.ms.toFixed(0)} ms`);
const models: readonly (readonly [string, Model])[] = [
  ['teacher', teacher],
  ['attention and q, k, v binarized', fitted.value],
  ['all binarized', await binarizeModel(teacher, { ...DEFAULT_RECIPE, linears: true }, calibration)],
];
let mostBytes = process.memoryUsage().rss;
for (const [name, model] of models) {
  for (const gradients of [false, true]) {
    const ms: number[] = [];
    for (const image of pictures.slice(CALIBRATION_PICTURES)) {
      ms.push((await timed(() => traceImage(model, image, { gradients, lossClass: 'predicted' }))).ms);
      mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
    }
    const median = quantile(ms.slice(1), 0.5) ?? NaN;
    print(`trace, ${name}${gradients ? ', with gradients' : ''}`, `${median.toFixed(0)} ms`);
  }
}
print('memory of the process, at most', mebibytes(mostBytes));
print('of it the three models in tfjs', mebibytes(tf.memory().numBytes));
