/**
 * Measures an embedded model again, with the code that runs in the browser, on the 10,000 test images.
 *
 *     npm run evaluate -- --model ID [--data DIR] [--backend wasm|cpu] [--path fastest|float] [--limit N]
 *
 * Prints the accuracy, the manifest's, and how many predictions differ from PyTorch's; as its last line one JSON object.
 * Exit status: 0 when at most 10 differ, 1 when more do, 2 when the model or the images are not there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { loadKernels } from '@/lib/kernels/load-kernels';
import { selectBackend, setWasmDirectory } from '@/lib/tf';
import { parseManifest } from '@/models/families/manifest';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';
import { pathOf } from '@/models/packed';
import type { ForwardPath } from '@/models/packed-model';
import { fastestForward } from '@/models/predict';
import { kernelBytes } from '@/scripts/build-kernels';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { countDifferences, predictLabels } from '@/scripts/predict-labels';
import { DEFAULT_DATA, readTestImages } from '@/scripts/test-images';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const USAGE =
  'Usage: npm run evaluate -- --model ID [--data DIR] [--backend wasm|cpu] [--path fastest|float] [--limit N]';

/** Signs at exact ties may fall either way between two float32 implementations; more than this is an error. */
const DIFFERENCES_ALLOWED = 10;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      data: { type: 'string', default: DEFAULT_DATA },
      backend: { type: 'string', default: 'wasm' },
      path: { type: 'string', default: 'fastest' },
      limit: { type: 'string' },
    },
  });
  const { model: id, backend: wanted } = values;
  if (id === undefined || (wanted !== 'wasm' && wanted !== 'cpu')) throw new Error(USAGE);
  if (values.path !== 'fastest' && values.path !== 'float') throw new Error(USAGE);

  const manifest = parseManifest(await readFile(join(CHECKPOINTS, 'manifest.json'), 'utf8'));
  const entry = manifest.find((model) => model.id === id);
  if (entry === undefined) {
    throw new Error(`There is no model "${id}"; there are ${manifest.map((model) => model.id).join(', ')}.`);
  }
  const { images, labels } = await readTestImages(values.data);
  const count = readLimit(values.limit, images.count);
  const expected = await readFile(join(CHECKPOINTS, 'predictions', `${id}.labels`));
  if (expected.length !== images.count) {
    throw new Error(
      `PyTorch predicted ${expected.length} images and ${values.data} holds ${images.count}; these are not its test images.`,
    );
  }

  setWasmDirectory(WASM_DIRECTORY);
  const { backend, reason } = await selectBackend(wanted);
  if (backend !== wanted) throw new Error(reason);
  if (values.path === 'fastest') await loadKernels(kernelBytes);
  const checkpoint = parseSafetensors(await readFile(join(CHECKPOINTS, entry.file)));
  const model = createModel(configOf(checkpoint), checkpoint.tensors);
  const startedMs = performance.now();
  const onProgress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} images`);
  };
  const path = pathOf(model);
  const predicted = predictLabels(model, images, count, onProgress, fastestForward(model));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const seconds = (performance.now() - startedMs) / 1000;
  model.dispose();

  const accuracy = (count - countDifferences(predicted, labels, count)) / count;
  const differing = countDifferences(predicted, expected, count);
  const ok = differing <= DIFFERENCES_ALLOWED;
  console.log(`${entry.label} on ${backend}, ${describePath(path)}, ${count} test images in ${seconds.toFixed(1)} s`);
  console.log(`accuracy here:          ${percent(accuracy)}${count < images.count ? ` of the first ${count}` : ''}`);
  console.log(`accuracy, manifest:     ${percent(entry.testAccuracy)} of all ${images.count}`);
  console.log(`differing from PyTorch: ${differing} of ${count} predictions (at most ${DIFFERENCES_ALLOWED})`);
  const { testAccuracy: manifestAccuracy } = entry;
  console.log(
    JSON.stringify({ ok, model: id, backend, path: path.kind, images: count, accuracy, manifestAccuracy, differing }),
  );
  return ok ? 0 : 1;
}

function readLimit(text: string | undefined, all: number): number {
  if (text === undefined) return all;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new Error('--limit is a whole number of images, 1 or more.');
  return Math.min(limit, all);
}

/** 'float path' without kernels loaded: that was asked for. */
function describePath(path: ForwardPath): string {
  return path.kind === 'packed' ? 'packed kernels' : 'float path';
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
