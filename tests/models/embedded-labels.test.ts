import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '@/lib/checkpoints/hash';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { parseIdxImages, parseIdxLabels } from '@/lib/images/samples';
import { selectBackend, setWasmDirectory } from '@/lib/tf';
import { parseManifest } from '@/models/families/manifest';
import { MODEL_IDS, SAMPLE_COUNT } from '@/tests/fashion-mnist';
import { parseConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { countDifferences, predictLabels } from '@/scripts/predict-labels';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const SAMPLES = join(CHECKPOINTS, 'samples', 'fashion-mnist-1000');
/** At an exact tie the sign may differ between two float32 implementations. */
const DIFFERENCES_ALLOWED = 1;
/** Of a student, which ships as bits. */
const STUDENT_BYTES = 300_000;

const isHere = existsSync(join(CHECKPOINTS, 'manifest.json'));

describe.skipIf(!isHere)(`the embedded family${isHere ? '' : ' (skipped: it is not trained yet)'}`, () => {
  beforeAll(async () => {
    setWasmDirectory(WASM_DIRECTORY);
    const { backend, reason } = await selectBackend('wasm');
    if (backend !== 'wasm') throw new Error(reason);
  });

  const file = (name: string) => readFile(join(CHECKPOINTS, name));
  const manifest = async () => parseManifest(await readFile(join(CHECKPOINTS, 'manifest.json'), 'utf8'));

  it('is listed in the manifest, in the order of the page', async () => {
    expect((await manifest()).map(({ id }) => id)).toEqual([...MODEL_IDS]);
  });

  it('matches the manifest: size, SHA-256 and configuration', async () => {
    for (const entry of await manifest()) {
      const bytes = await file(entry.file);
      expect(bytes.length).toBe(entry.bytes);
      expect(await sha256(Uint8Array.from(bytes))).toBe(entry.sha256);
      expect(configOf(parseSafetensors(bytes))).toEqual(parseConfig(JSON.stringify(entry.config)));
      if (entry.id !== 'teacher') expect(entry.bytes).toBeLessThan(STUDENT_BYTES);
    }
  });

  it('has the accuracy of the stored predictions', async () => {
    const indices = JSON.parse(await readFile(`${SAMPLES}-indices.json`, 'utf8')) as readonly number[];
    const labels = parseIdxLabels(await readFile(`${SAMPLES}-labels-idx1-ubyte`));
    for (const entry of await manifest()) {
      const predicted = await file(`predictions/${entry.id}.labels`);
      const here = Uint8Array.from(indices, (index) => predicted[index] ?? 255);
      const accuracy = 1 - countDifferences(here, labels) / SAMPLE_COUNT;
      // 1,000 of 10,000, drawn by class: three standard errors of a share are at most 0.048.
      expect(Math.abs(accuracy - entry.testAccuracy)).toBeLessThan(0.05);
    }
  });

  it('ships a thousand samples, a hundred per class, any ten in a row from ten classes', async () => {
    const images = parseIdxImages(await readFile(`${SAMPLES}-images-idx3-ubyte`));
    const labels = parseIdxLabels(await readFile(`${SAMPLES}-labels-idx1-ubyte`));
    expect([images.count, images.width, images.height, labels.length]).toEqual([SAMPLE_COUNT, 28, 28, SAMPLE_COUNT]);
    for (let first = 0; first < SAMPLE_COUNT; first += 10)
      expect(new Set(labels.subarray(first, first + 10)).size).toBe(10);
  });

  it.each(MODEL_IDS)('%s gives the samples PyTorch’s labels', { timeout: 180_000 }, async (id) => {
    const checkpoint = parseSafetensors(await file(`${id}.safetensors`));
    const model = createModel(configOf(checkpoint), checkpoint.tensors);
    const images = parseIdxImages(await readFile(`${SAMPLES}-images-idx3-ubyte`));
    const indices = JSON.parse(await readFile(`${SAMPLES}-indices.json`, 'utf8')) as readonly number[];
    const predictions = await file(`predictions/${id}.labels`);
    const expected = Uint8Array.from(indices, (index) => predictions[index] ?? 255);
    const predicted = predictLabels(model, images);
    model.dispose();
    expect(countDifferences(predicted, expected)).toBeLessThanOrEqual(DIFFERENCES_ALLOWED);
  });
});
