import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { preprocess } from '@/lib/images/preprocess';
import { decodeInNode } from '@/scripts/node-images';
import { parsePhotoList } from '@/scripts/photo-list';
import { openSourcePage, type SourcePage } from '@/tests/lib/images/support/browser';

/** Photographs and a golden that are not part of the project: beside the checkout, or where the variable says. */
const shared = resolve(process.env.LENS_SHARED ?? '../shared');
const photosFolder = join(shared, 'photos');
const goldenFile = join(shared, 'golden/deit_tiny_patch16_224.golden.safetensors');
const list = join(photosFolder, 'photos.csv');
const photos = existsSync(list) ? parsePhotoList(readFileSync(list, 'utf8')) : [];

const read = (file: string): Uint8Array => readFileSync(join(photosFolder, file));

describe.skipIf(photos.length === 0 || !existsSync(goldenFile))(
  `photographs (skipped where ${shared} has none)`,
  () => {
    it("become the input of PyTorch's golden", async () => {
      const input = parseSafetensors(new Uint8Array(readFileSync(goldenFile))).tensors.get('input');
      expect(input?.shape).toEqual([3, 3, 224, 224]);
      const expected = Float32Array.from(input?.data ?? []); // [3, 3, 224, 224]
      const area = 3 * 224 * 224;
      for (const [i, { file }] of photos.slice(0, 3).entries()) {
        const { pixels } = preprocess(await decodeInNode(read(file)));
        const golden = expected.subarray(i * area, (i + 1) * area);
        const worst = pixels.reduce((most, value, k) => Math.max(most, Math.abs(value - (golden[k] ?? NaN))), 0);
        expect(worst).toBeLessThanOrEqual(1e-6);
      }
    });

    describe('in a browser', () => {
      let opened: SourcePage | null = null;
      beforeAll(async () => {
        opened = await openSourcePage();
      });
      afterAll(async () => {
        await opened?.close();
      });

      it('decode to the same pixels as in Node, those with a colour profile too', async () => {
        const differing: string[] = [];
        for (const { file } of photos) {
          const bytes = read(file);
          const hash = await opened?.page.evaluate(async (base64) => {
            const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
            const { image } = await lensDecoder.decodeBlob(blob);
            const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(image.data));
            return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
          }, Buffer.from(bytes).toString('base64'));
          const here = createHash('sha256')
            .update((await decodeInNode(bytes)).data)
            .digest('hex');
          if (hash !== here) differing.push(file);
        }
        expect(differing).toEqual([]);
      });
    });
  },
);
