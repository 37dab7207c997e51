/** The 10,000 test images of Fashion-MNIST, from Debian's package or a folder of the same files. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseIdxImages, parseIdxLabels, type IdxImages } from '@/lib/images/samples';

export const DEFAULT_DATA = '/usr/share/datasets/fashion-mnist';

export interface TestImages {
  readonly images: IdxImages;
  readonly labels: Uint8Array; // [count]
}

/** @throws Error, a sentence, when the files are not there, and IdxError when they are not what they should be */
export async function readTestImages(folder: string): Promise<TestImages> {
  const images = parseIdxImages(await readPlainOrZipped(folder, 't10k-images-idx3-ubyte'));
  const labels = parseIdxLabels(await readPlainOrZipped(folder, 't10k-labels-idx1-ubyte'));
  if (images.count !== labels.length) {
    throw new Error(`${folder} holds ${images.count} images and ${labels.length} labels; they do not belong together.`);
  }
  return { images, labels };
}

async function readPlainOrZipped(folder: string, name: string): Promise<Uint8Array> {
  const path = [name, `${name}.gz`].map((file) => join(folder, file)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Error(
      `${name} is not in ${folder}, plain or as .gz. Install it with "apt-get install dataset-fashion-mnist", or name its folder with --data DIR.`,
    );
  }
  const bytes = await readFile(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
