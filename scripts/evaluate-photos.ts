/**
 * Runs DeiT-Tiny over the reference photographs with our own decoding in Node, resizing, preprocessing and model, and counts how many of its
 * top-5 lists are those that PyTorch gave (photos.csv).
 *
 *   npx tsx scripts/evaluate-photos.ts [--photos DIR] [--weights FILE] [--backend cpu|wasm]
 *
 * Prints a line for each list that differs, then the counts, and last one JSON line. Exit 0 when at least 70 of 72 lists (97 %) agree, else 1.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { IMAGENET_PREPROCESS, preprocess } from '@/lib/images/preprocess';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { decodeInNode } from '@/scripts/node-images';
import { parsePhotoList, topIndices, type ReferencePhoto } from '@/scripts/photo-list';

/** 70 of 72. */
const NEEDED_SHARE = 70 / 72;

/** The five classes that our code gives for a picture file. */
async function predictTop5(model: Model, file: Uint8Array): Promise<readonly number[]> {
  const { pixels } = preprocess(await decodeInNode(file));
  const { crop } = IMAGENET_PREPROCESS;
  const logits = tf.tidy(() => model.forward(tf.tensor4d(pixels, [1, 3, crop, crop]))); // [1, 1000]
  const values = await logits.data();
  logits.dispose();
  return topIndices(values, 5);
}

interface Counts {
  readonly photos: number;
  readonly sameTop5: number;
  readonly sameTop1: number;
  readonly correctTop1: number;
  readonly correctTop5: number;
}

async function evaluate(model: Model, folder: string, photos: readonly ReferencePhoto[]): Promise<Counts> {
  const rows: { readonly photo: ReferencePhoto; readonly found: readonly number[] }[] = [];
  for (const photo of photos) {
    const found = await predictTop5(model, readFileSync(join(folder, photo.file)));
    if (found.join() !== photo.top5.join())
      console.log(`${photo.file}: ${found.join(' ')} instead of ${photo.top5.join(' ')}`);
    rows.push({ photo, found });
  }
  const count = (holds: (row: (typeof rows)[number]) => boolean): number => rows.filter(holds).length;
  return {
    photos: rows.length,
    sameTop5: count(({ photo, found }) => found.join() === photo.top5.join()),
    sameTop1: count(({ photo, found }) => found[0] === photo.top5[0]),
    correctTop1: count(({ photo, found }) => found[0] === photo.classIndex),
    correctTop5: count(({ photo, found }) => found.includes(photo.classIndex)),
  };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      photos: { type: 'string', default: '../shared/photos' },
      weights: { type: 'string', default: '../shared/weights/deit_tiny_patch16_224.safetensors' },
      backend: { type: 'string', default: 'wasm' },
    },
  });
  if (values.backend !== 'cpu' && values.backend !== 'wasm')
    throw new Error(`--backend is cpu or wasm, not ${values.backend}`);
  setWasmDirectory(`${resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
  const { backend } = await selectBackend(values.backend);
  const checkpoint = parseSafetensors(new Uint8Array(readFileSync(values.weights)));
  const model = createModel(configOf(checkpoint), checkpoint.tensors);
  const photos = parsePhotoList(readFileSync(join(values.photos, 'photos.csv'), 'utf8'));
  const counts = await evaluate(model, values.photos, photos);
  model.dispose();

  const percent = (part: number): string => `${((100 * part) / counts.photos).toFixed(1)} %`;
  const ok = counts.photos > 0 && counts.sameTop5 >= NEEDED_SHARE * counts.photos;
  console.log(`top-5 lists as PyTorch's: ${counts.sameTop5} of ${counts.photos}; first places: ${counts.sameTop1}`);
  console.log(`accuracy on ${backend}: top-1 ${percent(counts.correctTop1)}, top-5 ${percent(counts.correctTop5)}`);
  console.log(JSON.stringify({ ok, backend, ...counts }));
  return ok ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
