import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

let eslint: ESLint;

/** What the project's own lint configuration says of the arrows when `code` stands at `path`. */
async function objections(path: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: path });
  if (result === undefined) throw new Error(`${path} was not linted`);
  const fatal = result.messages.find((message) => message.fatal === true);
  if (fatal !== undefined) throw new Error(fatal.message);
  return result.messages.filter(({ ruleId }) => ruleId === 'lens/arrows').map(({ message }) => message);
}

beforeAll(() => {
  eslint = new ESLint({ cwd: process.cwd() });
});

const ALLOWED: readonly (readonly [path: string, code: string])[] = [
  ['lib/tf.ts', "export * from '@tensorflow/tfjs-core';"],
  ['lib/metrics/x.ts', "import { softmax } from '@/lib/math/softmax'; export { softmax };"],
  ['lib/metrics/x.ts', "import { y } from './y'; export { y };"],
  ['lib/viz/x.ts', "import { scaleLinear } from 'd3'; export { scaleLinear };"],
  ['lib/quantizers/x.ts', "import { tidy } from '@/lib/tf'; export { tidy };"],
  ['lib/store/x.ts', "import { createClient } from '@/engine/client'; export { createClient };"],
  ['lib/store/x.ts', "import { DEIT } from '@/models/config'; export { DEIT };"],
  ['lib/worker/client.ts', "import { PROTOCOL } from '@/engine/protocol'; export { PROTOCOL };"],
  ['lib/worker/model.worker.ts', "import { deit } from '@/models/deit'; export { deit };"],
  ['models/layers/x.ts', "import { sign } from '@/lib/quantizers/sign'; export { sign };"],
  ['models/deit.ts', "import { linear } from '@/models/layers/linear'; export { linear };"],
  ['components/charts/x.tsx', "import type { Tau } from '@/lib/metrics/kendall-tau'; export type { Tau };"],
  ['components/charts/x.tsx', "import { colours } from '@/lib/viz/colours'; export { colours };"],
  ['components/panels/x.tsx', "import { useStore } from '@/lib/store'; export { useStore };"],
  ['app/page.tsx', "import { Explore } from '@/components/panels/explore'; export { Explore };"],
  ['scripts/parity.ts', "import { deit } from '@/models/deit'; export { deit };"],
  ['tests/models/deit.test.ts', "import { deit } from '@/models/deit'; export { deit };"],
];

const FORBIDDEN: readonly (readonly [path: string, code: string, why: string])[] = [
  ['lib/math/x.ts', "import { t } from '@/lib/tf'; export { t };", 'lib/math may not import lib/tf'],
  ['lib/metrics/x.ts', "import { t } from '../tf'; export { t };", 'lib/metrics may not import lib/tf'],
  ['lib/viz/x.ts', "export * from '@/lib/metrics/kendall-tau';", 'lib/viz may not import lib/metrics'],
  [
    'lib/quantizers/x.ts',
    "import * as tf from '@tensorflow/tfjs'; export { tf };",
    'lib/quantizers may not import tfjs',
  ],
  [
    'models/deit.ts',
    "import type { Tensor } from '@tensorflow/tfjs-core'; export type { Tensor };",
    'models may not import tfjs',
  ],
  [
    'lib/worker/client.ts',
    "import { serve } from './serve'; export { serve };",
    'lib/worker/page may not import lib/worker/serve',
  ],
  ['lib/worker/client.ts', "export const f = () => import('@/lib/tf');", 'lib/worker/page may not import lib/tf'],
  [
    'lib/worker/serve.ts',
    "import { deit } from '@/models/deit'; export { deit };",
    'lib/worker/serve may not import models',
  ],
  ['lib/store/x.ts', "import { deit } from '@/models/deit'; export { deit };", 'lib/store may not import models'],
  ['lib/training/loop.ts', "import React from 'react'; export { React };", 'lib/training may not import React'],
  [
    'lib/metrics/x.ts',
    "import { scaleLinear } from 'd3-scale'; export { scaleLinear };",
    'lib/metrics may not import d3',
  ],
  [
    'models/layers/x.ts',
    "import { deit } from '@/models/deit'; export { deit };",
    'models/layers may not import models',
  ],
  [
    'components/ui/x.tsx',
    "import { useStore } from '@/lib/store'; export { useStore };",
    'components/ui may not import lib/store',
  ],
  [
    'components/charts/x.tsx',
    "import { tau } from '@/lib/metrics/tau'; export { tau };",
    'components/charts may not import lib/metrics',
  ],
  [
    'components/charts/x.tsx',
    "import { type Tau } from '@/lib/metrics/tau'; export type { Tau };",
    'components/charts may not import lib/metrics',
  ],
  ['app/page.tsx', "import { useStore } from '@/lib/store'; export { useStore };", 'app may not import lib/store'],
  ['lib/utilities.ts', 'export const one = 1; export * from "@/lib/math/mean";', 'belongs to no part of the tree'],
];

describe('the linter keeps the arrows of the tree', () => {
  it.each(ALLOWED)('%s may say: %s', async (path, code) => {
    expect(await objections(path, code)).toEqual([]);
  });

  it.each(FORBIDDEN)('%s may not say: %s', async (path, code, why) => {
    const found = await objections(path, code);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
  });
});
