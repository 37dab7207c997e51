/** The rules of `.dependency-cruiser.mjs` on small made-up trees: each is broken once, and names its rule. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error a file of the tool's, without types
import loaded from '../../.dependency-cruiser.mjs';

const configuration = loaded as IConfiguration;

const FLOORS = ['app', 'analyses', 'components', 'state', 'engine', 'models', 'lib'];

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'floors-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Names of the rules that this tree breaks. @param files what each file imports, by its path */
async function broken(files: Readonly<Record<string, readonly string[]>>): Promise<readonly string[]> {
  const tree = mkdtempSync(join(root, 'tree-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  for (const floor of FLOORS) write(`${floor}/empty.ts`, 'export {};\n');
  for (const [path, imports] of Object.entries(files)) {
    const lines = imports.map((line) => (line.startsWith('import') ? line : `import '${line}';`));
    write(path, [...lines, 'export type T = 1;', 'export const t = 1;', ''].join('\n'));
  }
  const { forbidden, options } = configuration;
  const { output } = await cruise(FLOORS, {
    ...options,
    tsConfig: {},
    ruleSet: { forbidden: forbidden ?? [] },
    validate: true,
    baseDir: tree,
  });
  return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
}

const ALLOWED: readonly (readonly [what: string, files: Readonly<Record<string, readonly string[]>>])[] = [
  ['a floor imports one below', { 'engine/a.ts': ['../lib/b'], 'lib/b.ts': [] }],
  ['a view imports its own parts', { 'analyses/x/view.tsx': ['./part'], 'analyses/x/part.tsx': [] }],
  [
    'a view imports a type of a model',
    { 'analyses/x/view.tsx': ["import type { T } from '../../models/repair';"], 'models/repair.ts': [] },
  ],
  ['a chart imports numbers', { 'components/charts/a.tsx': ['../../lib/viz/b'], 'lib/viz/b.ts': [] }],
];

const FORBIDDEN: readonly (readonly [rule: string, files: Readonly<Record<string, readonly string[]>>])[] = [
  ['no-circles', { 'lib/a.ts': ['./b'], 'lib/b.ts': ['./a'] }],
  [
    'no-circles',
    { 'models/a.ts': ["import type { T } from './b';"], 'models/b.ts': ["import type { T } from './a';"] },
  ],
  ['no-arrow-up-from-lib', { 'lib/a.ts': ["import type { T } from '../models/b';"], 'models/b.ts': [] }],
  ['no-arrow-up-from-models', { 'models/a.ts': ['../engine/b'], 'engine/b.ts': [] }],
  ['no-arrow-up-from-engine', { 'engine/a.ts': ['../state/b'], 'state/b.ts': [] }],
  ['no-arrow-up-from-state', { 'state/a.ts': ['../components/b'], 'components/b.ts': [] }],
  ['no-arrow-up-from-components', { 'components/a.ts': ['../analyses/b'], 'analyses/b.ts': [] }],
  ['no-arrow-up-from-analyses', { 'analyses/a.ts': ['../app/b'], 'app/b.ts': [] }],
  ['analyses-apart', { 'analyses/x/view.tsx': ['../y/part'], 'analyses/y/part.tsx': [] }],
  ['charts-draw-what-they-are-given', { 'components/charts/a.tsx': ['../../state/b'], 'state/b.ts': [] }],
  ['ui-below-charts', { 'components/ui/a.tsx': ['../charts/b'], 'components/charts/b.tsx': [] }],
  ['math-at-the-bottom', { 'lib/math/a.ts': ['../viz/b'], 'lib/viz/b.ts': [] }],
  ['page-without-tfjs', { 'state/a.ts': ['../lib/tf'], 'lib/tf.ts': [] }],
  ['compute-draws-nothing', { 'analyses/x/compute.ts': ['./part'], 'analyses/x/part.tsx': [] }],
  [
    'tfjs-in-one-file',
    { 'models/a.ts': ['../node_modules/@tensorflow/tfjs/b'], 'node_modules/@tensorflow/tfjs/b.ts': [] },
  ],
  ['react-above-the-engine', { 'engine/a.ts': ['../node_modules/react/b'], 'node_modules/react/b.ts': [] }],
  ['d3-where-pictures-are-drawn', { 'state/a.ts': ['../node_modules/d3-scale/b'], 'node_modules/d3-scale/b.ts': [] }],
];

describe('the floors', () => {
  it.each(ALLOWED)('let pass: %s', async (_what, files) => {
    expect(await broken(files)).toEqual([]);
  });

  it.each(FORBIDDEN)('refuse by the rule %s', async (rule, files) => {
    expect(await broken(files)).toContain(rule);
  });

  it('have a test for every rule', () => {
    const names = configuration.forbidden?.map(({ name }) => name);
    expect([...new Set(FORBIDDEN.map(([rule]) => rule))].sort()).toEqual(names?.sort());
  });
});
