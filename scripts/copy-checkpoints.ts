/**
 * Puts the embedded family where the export serves it: the manifest, the five models and the sample images, from
 * `models/checkpoints` to `public/models`. Goldens and predictions are for tests only and stay behind.
 */
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @returns what was copied, as names */
export async function copyCheckpoints(root: string): Promise<readonly string[]> {
  const source = join(root, 'models', 'checkpoints');
  const target = join(root, 'public', 'models');
  const served = (await readdir(source)).filter(
    (name) => name === 'manifest.json' || name === 'samples' || name.endsWith('.safetensors'),
  );
  await rm(target, { recursive: true, force: true }); // a model that was renamed must not linger
  await mkdir(target, { recursive: true });
  for (const name of served) await cp(join(source, name), join(target, name), { recursive: true });
  return served;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(`public/models: ${(await copyCheckpoints(process.cwd())).join(', ')}`);
}
