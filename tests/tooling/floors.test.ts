/** The rules of `npm run lint:imports` on small made-up trees, each of which breaks one rule, and on the real one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error the tool's configuration has no types
import * as written from '../../.dependency-cruiser.mjs';
// @ts-expect-error the tool's configuration has no types
import loaded from '../../.dependency-cruiser.loaded.mjs';

const FLOORS = written.FLOORS as string[];
const CONFIGURATIONS = [written.default, loaded] as readonly IConfiguration[];

/** Import lines by file; a bare path stands for `import 'path'`. */
type Tree = Readonly<Record<string, readonly string[]>>;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'floors-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Names of the rules that a tree breaks. Files that are imported and not listed are added, empty. */
async function broken(tree: Tree): Promise<readonly string[]> {
  const folder = mkdtempSync(join(root, 'tree-'));
  const write = (path: string, lines: readonly string[]): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), [...lines, 'export type T = 1;', 'export const t = 1;', ''].join('\n'));
  };
  for (const floor of FLOORS) write(`${floor}/empty.ts`, []);
  for (const [path, imports] of Object.entries(tree)) {
    for (const line of imports) {
      const [, target] = /'(\.[^']*)'/.exec(line) ?? [null, line];
      if (target?.startsWith('.')) write(`${join(dirname(path), target)}.ts`, []);
    }
  }
  for (const [path, imports] of Object.entries(tree)) {
    write(
      path,
      imports.map((line) => (line.includes(' ') ? line : `import '${line}';`)),
    );
  }
  const names = new Set<string>();
  for (const { forbidden = [], options } of CONFIGURATIONS) {
    const { output } = await cruise(FLOORS, {
      ...options,
      cache: false,
      tsConfig: {},
      ruleSet: { forbidden },
      validate: true,
      baseDir: folder,
    });
    for (const { rule } of (output as ICruiseResult).summary.violations) names.add(rule.name);
  }
  return [...names];
}

const typeOf = (path: string): string => `import type { T } from '${path}';`;
const packageAt = (path: string): string => `../node_modules/${path}/index`;

const ALLOWED: readonly (readonly [what: string, tree: Tree])[] = [
  ['an import of a lower floor', { 'engine/a.ts': ['../lib/b'] }],
  ['an analysis that imports its own parts', { 'analyses/x/view.tsx': ['./part'] }],
  ['a registry that imports every analysis', { 'analyses/views.ts': ['./x/view', './y/view'] }],
  ['a chart that imports numbers', { 'components/charts/a.tsx': ['../../lib/viz/b'] }],
  ['math that imports d3-array', { 'lib/math/a.ts': [`../${packageAt('d3-array')}`] }],
  ['viz that imports a record of metrics', { 'lib/viz/a.ts': [typeOf('../metrics/b')] }],
  ['a hook in state', { 'state/models/use-a.ts': [`../${packageAt('react')}`] }],
  [
    'a page that imports a type from a module with tfjs',
    { 'analyses/x/view.tsx': [typeOf('../../models/b')], 'models/b.ts': ['../lib/tf'] },
  ],
  [
    'a page that starts the worker',
    {
      'analyses/spawn-worker.ts': ["new Worker(new URL('./model.worker.ts', import.meta.url));"],
      'analyses/model.worker.ts': ['../lib/tf'],
    },
  ],
];

const FORBIDDEN: readonly (readonly [rule: string, tree: Tree])[] = [
  ['no-circles', { 'lib/a.ts': ['./b'], 'lib/b.ts': ['./a'] }],
  ['no-circles', { 'models/a.ts': [typeOf('./b')], 'models/b.ts': [typeOf('./a')] }],
  ['resolvable', { 'lib/a.ts': ['nowhere'] }],
  ['no-tools-in-the-app', { 'app/a.ts': ['../scripts/b'] }],
  ['no-upward-import-from-lib', { 'lib/a.ts': ['../models/b'] }],
  ['no-upward-import-from-lib', { 'lib/a.ts': [typeOf('../models/b')] }],
  ['no-upward-import-from-models', { 'models/a.ts': ['../engine/b'] }],
  ['no-upward-import-from-engine', { 'engine/a.ts': [typeOf('../state/b')] }],
  ['no-upward-import-from-state', { 'state/a.ts': ['../components/b'] }],
  ['no-upward-import-from-components', { 'components/a.ts': ['../analyses/b'] }],
  ['no-upward-import-from-analyses', { 'analyses/a.ts': ['../app/b'] }],
  ['lib-math', { 'lib/math/a.ts': ['../viz/b'] }],
  ['lib-metrics', { 'lib/metrics/a.ts': ['../quantizers/parameters'] }],
  ['lib-metrics-types', { 'lib/metrics/a.ts': [typeOf('../quantizers/quantizer')] }],
  ['lib-quantizers', { 'lib/quantizers/a.ts': ['../kernels/b'] }],
  ['lib-kernels', { 'lib/kernels/a.ts': ['../quantizers/b'] }],
  ['lib-checkpoints', { 'lib/checkpoints/a.ts': ['../tf'] }],
  ['lib-accounting', { 'lib/accounting/a.ts': ['../viz/b'] }],
  ['lib-images', { 'lib/images/a.ts': ['../viz/b'] }],
  ['lib-viz', { 'lib/viz/a.ts': ['../metrics/b'] }],
  ['lib-viz-types', { 'lib/viz/a.ts': [typeOf('../images/b')] }],
  ['lib-tf', { 'lib/tf.ts': ['./math/b'] }],
  ['analyses-apart', { 'analyses/x/view.tsx': ['../y/part'] }],
  ['ui-imports-nothing-of-ours', { 'components/ui/a.tsx': ['../../lib/viz/b'] }],
  ['charts-import-only-lib-and-ui', { 'components/charts/a.tsx': [typeOf('../../state/b')] }],
  ['tfjs-only-in-lib-tf', { 'models/a.ts': [packageAt('@tensorflow/tfjs')] }],
  ['react-only-in-components-and-hooks', { 'state/a.ts': [packageAt('react')] }],
  ['d3-only-where-pictures-are-drawn', { 'state/a.ts': [packageAt('d3-scale')] }],
  ['math-takes-d3-array-only', { 'lib/math/a.ts': [`../${packageAt('zod')}`] }],
  ['page-without-tfjs', { 'state/a.ts': ['../engine/b'], 'engine/b.ts': ['../lib/tf'] }],
  ['worker-without-page', { 'analyses/model.worker.ts': ['./x/compute'], 'analyses/x/compute.ts': ['../../state/b'] }],
];

describe('the floors', () => {
  it.each(ALLOWED)('allow %s', async (_what, tree) => {
    expect(await broken(tree)).toEqual([]);
  });

  it.each(FORBIDDEN)('refuse by %s: %o', async (rule, tree) => {
    expect(await broken(tree)).toEqual([rule]);
  });

  it('have a test for every rule', () => {
    const names = CONFIGURATIONS.flatMap(({ forbidden = [] }) => forbidden.map(({ name }) => name));
    expect([...new Set(FORBIDDEN.map(([rule]) => rule))].sort()).toEqual(names.sort());
  });

  it('are kept by this project', () => {
    expect(() => execFileSync('npm', ['run', 'lint:imports'], { encoding: 'utf8' })).not.toThrow();
  });
});
