/** Writes the names of ImageNet's classes for the app, out of a package that carries them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { IMAGENET_CLASSES, IMAGENET_LABELS_FILE } from '@/lib/images/class-labels';

/**
 * The first of each class's synonyms, by index. Source: tfjs-models' MobileNet (Apache-2.0), after ILSVRC 2012.
 *
 * @throws Error when the package does not hold a name for every class
 */
export function imagenetLabels(root: string): readonly string[] {
  const { IMAGENET_CLASSES: byIndex } = createRequire(join(root, 'package.json'))(
    '@tensorflow-models/mobilenet/dist/imagenet_classes.js',
  ) as { readonly IMAGENET_CLASSES: { readonly [index: number]: string } };
  return Array.from({ length: IMAGENET_CLASSES }, (_, index) => {
    const [name] = (byIndex[index] ?? '').split(',');
    if (name === undefined || name === '') throw new Error(`class ${index} has no name`);
    return name.trim();
  });
}

export async function writeClassLabels(root: string): Promise<void> {
  const file = join(root, 'public', IMAGENET_LABELS_FILE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(imagenetLabels(root))}\n`);
}
