/** The kernels' properties where there is no Node: WGSL on webgpu, the unpacked fallback on webgl, in a headless Chromium. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openModule, type SourcePage } from '@/tests/source-page';
import type { Graphics, Started } from './support/page';
import { PROPERTIES } from './support/properties';

declare global {
  /** `support/page.ts`, in the page only. */
  var lensKernels: typeof import('./support/page');
}

/** A machine without a graphics card computes in software, slowly but rightly. */
const FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

/** What package.json gives a browser for `#tfjs-gradients`. */
const GRADIENTS = '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/** One copy of the core for all of them; some are CommonJS inside. */
const PACKAGES = [
  '@tensorflow/tfjs-core',
  GRADIENTS,
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
  'fast-check',
];

describe.each<{ backend: Graphics; packed: boolean }>([
  { backend: 'webgpu', packed: true },
  { backend: 'webgl', packed: false },
])('in a browser, on $backend, the kernels', ({ backend, packed }) => {
  let opened: SourcePage | null = null;
  let started: Started;
  const said: string[] = [];

  beforeAll(async () => {
    opened = await openModule({
      module: '/tests/lib/kernels/support/page.ts',
      global: 'lensKernels',
      packages: PACKAGES,
      aliases: { '#tfjs-gradients': GRADIENTS },
      flags: FLAGS,
    });
    opened.page.on('console', (message) => said.push(message.text()));
    started = await opened.page.evaluate((name) => lensKernels.start(name), backend);
    // The reason is with each skipped test in the report; here it is for whoever reads along.
    if (started.kind === 'absent') console.warn(`SKIPPED: the kernels on ${backend}. ${started.reason}`);
  });
  afterAll(() => opened?.close());
  beforeEach((context) => context.skip(started.kind === 'absent', started.kind === 'absent' ? started.reason : ''));

  const asked = PROPERTIES.filter(({ of }) => packed || of === 'all');
  it.each(asked.map(({ title }) => title))('%s', async (title) => {
    const failure = await opened?.page.evaluate(([on, name]) => lensKernels.check(on, name), [backend, title] as const);
    expect(failure, said.join('\n')).toBeNull();
  });
});
