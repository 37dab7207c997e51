/** The embedded models and pictures, from their files. */
import type { MemberId } from '@/models/families/family';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { normalizeGrey } from '@/lib/images/grey28';
import { joinSamples, parseIdxImages, parseIdxLabels, type Sample } from '@/lib/images/samples';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { CHECKPOINTS } from '@/scripts/node-engine';

/** @param path below the root of the repository */
export function openModel(path: string): Model {
  const checkpoint = parseSafetensors(readFileSync(path));
  return createModel(configOf(checkpoint), checkpoint.tensors);
}

export function openMember(id: MemberId): Model {
  return openModel(join(CHECKPOINTS, `${id}.safetensors`));
}

export function shippedSamples(): readonly Sample[] {
  const file = (name: string): Uint8Array => readFileSync(join(CHECKPOINTS, 'samples', `fashion-mnist-1000-${name}`));
  return joinSamples(parseIdxImages(file('images-idx3-ubyte')), parseIdxLabels(file('labels-idx1-ubyte')));
}

/** As the models take it. */
export function shippedPicture(index: number): Float32Array {
  const sample = shippedSamples()[index];
  if (sample === undefined) throw new RangeError(`There is no shipped sample ${index}.`);
  return normalizeGrey(Array.from(sample.bytes, (value) => value / 255)); // [28, 28]
}
