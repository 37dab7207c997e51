import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { normalizeBase } from '@/scripts/base-path';
import { NOTICES_FILE } from '@/scripts/notices';
import { sealExport } from '@/scripts/postbuild';
import { prebuild } from '@/scripts/prebuild';
import { runStep } from '@/scripts/run-step';

/**
 * `npm run build [-- --base /sub] [--to FOLDER]`: prepares public/, builds the static export, seals it with its policy.
 * Asset addresses are absolute, so an export serves exactly the path it was built for.
 */
const { values } = parseArgs({
  options: {
    base: { type: 'string', default: process.env.NEXT_PUBLIC_BASE_PATH ?? '' },
    to: { type: 'string', default: 'out' },
  },
});

const base = normalizeBase(values.base);
const root = process.cwd();
const exported = resolve(root, 'out');
const target = resolve(root, values.to);
const aside = resolve(root, '.work', 'out-aside');

await prebuild(root);
await mkdir(dirname(aside), { recursive: true });

// Next always exports to out/, so a build for elsewhere moves the export that stands there out of the way and puts it back.
const keepsExported = target !== exported && existsSync(exported);
if (keepsExported) {
  await rm(aside, { recursive: true, force: true });
  await rename(exported, aside);
}
// A build that fails must not leave the previous export behind to be taken for its result.
await rm(target, { recursive: true, force: true });
try {
  const env = { NEXT_PUBLIC_BASE_PATH: base, NEXT_TELEMETRY_DISABLED: '1' };
  await runStep('npx', ['next', 'build'], { cwd: root, env });
  const { pages } = await sealExport(exported, base, process.env.NEXT_PUBLIC_HUB_URL);
  // The licences of what the export carries travel with it.
  for (const name of ['LICENSE', NOTICES_FILE]) await copyFile(join(root, name), join(exported, name));
  if (target !== exported) {
    await mkdir(dirname(target), { recursive: true });
    await rename(exported, target);
  }
  console.log(`${Object.keys(pages).length} pages sealed in ${values.to}${base === '' ? '' : ` for ${base}`}`);
} finally {
  if (keepsExported) {
    await rm(exported, { recursive: true, force: true });
    await rename(aside, exported);
  }
}
