/**
 * Prepares the first picture: runs the app's own engine in Node on the sample that the app opens with, and writes what it gives
 * to `public/first/picture.bin`.
 *
 *     npx tsx scripts/build-trace.ts [--backend wasm|cpu]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bytesToUnit } from '@/lib/images/grey28';
import { joinSamples, parseIdxImages, parseIdxLabels, type Sample } from '@/lib/images/samples';
import { encodeFirstPicture, FIRST_PICTURE_FILE, type FirstPicture } from '@/engine/first-picture';
import { DEFAULT_SAMPLE_INDEX, DEFAULT_STUDENT, MODEL_IDS, type Engine } from '@/engine/protocol';
import { CHECKPOINTS, createNodeEngine } from '@/scripts/node-engine';

export async function readSamples(folder: string = CHECKPOINTS): Promise<readonly Sample[]> {
  const [images, labels] = await Promise.all([
    readFile(join(folder, 'samples', 'fashion-mnist-1000-images-idx3-ubyte')),
    readFile(join(folder, 'samples', 'fashion-mnist-1000-labels-idx1-ubyte')),
  ]);
  return joinSamples(parseIdxImages(images), parseIdxLabels(labels));
}

/** @param engine started */
export async function makeFirstPicture(engine: Engine, samples: readonly Sample[]): Promise<FirstPicture> {
  const sample = samples[DEFAULT_SAMPLE_INDEX];
  if (sample === undefined) throw new Error(`There is no sample ${DEFAULT_SAMPLE_INDEX}.`);
  const { index, label, bytes } = sample;
  const live = await engine.explore(1, { modelIds: MODEL_IDS, pixels: bytesToUnit(bytes) }, () => {});
  const { teacher, [DEFAULT_STUDENT]: student } = live.traces;
  if (teacher === undefined || student === undefined) {
    throw new Error(`The first picture needs the teacher and ${DEFAULT_STUDENT}; the manifest lacks one of them.`);
  }
  const exploration = {
    logits: live.logits,
    distortions: live.distortions,
    traces: { teacher, [DEFAULT_STUDENT]: student },
    // Times measured here say nothing about the visitor's machine.
    forwardMs: Object.fromEntries(Object.keys(live.forwardMs).map((id) => [id, null])),
  };
  return { index, label, bytes: [...bytes], exploration };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' } } });
  if (values.backend !== 'wasm' && values.backend !== 'cpu') throw new Error('--backend is wasm or cpu');
  const engine = createNodeEngine();
  const info = await engine.start({ basePath: '', backend: values.backend }, () => {});
  const file = encodeFirstPicture(await makeFirstPicture(engine, await readSamples()));
  const path = join(process.cwd(), 'public', FIRST_PICTURE_FILE);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file);
  console.log(`public/${FIRST_PICTURE_FILE}: ${Math.round(file.length / 1000)} kB, computed on ${info.backend}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
