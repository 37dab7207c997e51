/**
 * Who may import whom: the tree of the architecture as a table, and the ESLint rule that enforces it.
 *
 * A file belongs to the first part whose `holds` matches its path. It may import its own part, the parts named in `imports`,
 * plain data (which anyone may), and types from anywhere, as long as the import is written `import type`.
 * Packages named in PACKAGES may be imported only from the parts listed with them; there a type counts like a value.
 */

import { posix } from 'node:path';

/** @type {readonly { readonly name: string, readonly holds: RegExp, readonly imports: readonly string[] }[]} */
export const PARTS = [
  {
    name: 'app',
    holds: /^app\//,
    imports: ['components/ui', 'components/charts', 'components/panels', 'components/lessons'],
  },
  { name: 'components/ui', holds: /^components\/ui\//, imports: [] },
  { name: 'components/charts', holds: /^components\/charts\//, imports: ['lib/viz'] },
  // lib/metrics: only for one row or one cell; metrics over whole traces run in the worker. lib/viz: one way to write a number.
  // lib/accounting: sums over a configuration's ops; no model is needed.
  {
    name: 'components/panels',
    holds: /^components\/panels\//,
    imports: ['components/charts', 'components/ui', 'lib/store', 'lib/metrics', 'lib/accounting', 'lib/viz'],
  },
  {
    name: 'components/lessons',
    holds: /^components\/lessons\//,
    imports: ['components/panels', 'components/ui', 'lib/store'],
  },

  { name: 'lib/tf', holds: /^lib\/tf\.ts$/, imports: [] },
  { name: 'lib/math', holds: /^lib\/math\//, imports: [] },
  { name: 'lib/metrics', holds: /^lib\/metrics\//, imports: ['lib/math'] },
  { name: 'lib/accounting', holds: /^lib\/accounting\//, imports: ['lib/math'] },
  { name: 'lib/viz', holds: /^lib\/viz\//, imports: ['lib/math'] },
  { name: 'lib/quantizers', holds: /^lib\/quantizers\//, imports: ['lib/tf', 'lib/math'] },
  { name: 'lib/kernels', holds: /^lib\/kernels\//, imports: ['lib/tf', 'lib/math'] },
  { name: 'lib/checkpoints', holds: /^lib\/checkpoints\//, imports: ['lib/math'] },
  { name: 'lib/training', holds: /^lib\/training\//, imports: ['lib/tf'] },
  { name: 'lib/images', holds: /^lib\/images\//, imports: [] },

  // The worker's entry is one of the two places that join lib/ and models/ at run time.
  {
    name: 'lib/worker/entry',
    holds: /^lib\/worker\/model\.worker\.ts$/,
    imports: [
      'lib/worker/serve',
      'lib/worker/page',
      'lib/tf',
      'lib/math',
      'lib/metrics',
      'lib/accounting',
      'lib/quantizers',
      'lib/kernels',
      'lib/checkpoints',
      'lib/training',
      'lib/images',
      'models',
      'models/layers',
    ],
  },
  // What answers inside the worker, whatever the models are; metrics over whole traces run here.
  {
    name: 'lib/worker/serve',
    holds: /^lib\/worker\/(serve[./-]|analyses\/)/,
    imports: [
      'lib/worker/page',
      'lib/tf',
      'lib/math',
      'lib/metrics',
      'lib/quantizers',
      'lib/checkpoints',
      'lib/images',
    ],
  },
  // The client and what it shares with the other side. It runs on the page: no tfjs, directly or through others.
  // lib/images: both sides fetch the shipped images.
  { name: 'lib/worker/page', holds: /^lib\/worker\//, imports: ['lib/images'] },
  // lib/images: a picture is decoded on the page, before it goes to the worker. lib/checkpoints: what is kept in this browser.
  {
    name: 'lib/store',
    holds: /^lib\/store\//,
    imports: ['lib/worker/page', 'lib/images', 'lib/checkpoints'],
  },

  // lib/math: which tokens the rows and columns of an attention are.
  {
    name: 'models/layers',
    holds: /^models\/layers\//,
    imports: ['lib/tf', 'lib/math', 'lib/quantizers', 'lib/kernels'],
  },
  // lib/checkpoints: a model finds its parameters through the one function that maps checkpoint keys. lib/math: seeded weights.
  {
    name: 'models',
    holds: /^models\/[^/]+\.ts$/,
    imports: ['models/layers', 'lib/tf', 'lib/math', 'lib/quantizers', 'lib/kernels', 'lib/checkpoints'],
  },

  // The command-line tools are the other place that joins lib/ and models/; tests reach everything.
  {
    name: 'scripts',
    holds: /^(scripts\/|[^/]+$)/,
    imports: [
      'lib/tf',
      'lib/math',
      'lib/metrics',
      'lib/accounting',
      'lib/viz',
      'lib/quantizers',
      'lib/kernels',
      'lib/checkpoints',
      'lib/training',
      'lib/images',
      'lib/worker/page',
      'lib/worker/serve',
      'lib/worker/entry',
      'models',
      'models/layers',
    ],
  },
  { name: 'tests', holds: /^tests\//, imports: ['*'] },
];

/** Plain data, importable by anyone. */
const PLAIN_DATA = [
  /^models\/((swin-)?config|recipe(-words)?)(\.ts)?$/,
  /^lib\/worker\/(protocol|analysis)(\.ts)?$/,
  /^lib\/checkpoints\/hub-cards(\.ts)?$/,
  /^lib\/accounting\/architectures(\.ts)?$/,
  /^lib\/quantizers\/uniform-rules(\.ts)?$/,
  /\.json$/,
];

const UI_PARTS = /^(app|components\/.*|lib\/store|tests)$/;

/** @type {readonly { readonly name: string, readonly is: RegExp, readonly from: RegExp }[]} */
export const PACKAGES = [
  { name: 'tfjs', is: /^@tensorflow\//, from: /^(lib\/tf|tests)$/ },
  { name: 'React and its kin', is: /^(react|react-dom|next|nuqs|recharts|@mantine\/.*)(\/|$)/, from: UI_PARTS },
  { name: 'd3', is: /^d3(-|$)/, from: /^(lib\/viz|components\/charts|tests)$/ },
];

/** @param {string} path relative to the root, with forward slashes */
export function partOf(path) {
  return PARTS.find(({ holds }) => holds.test(path)) ?? null;
}

/**
 * The path an import names, relative to the root, or null for a package.
 * @param {string} path of the importing file
 * @param {string} specifier
 * @returns {string | null}
 */
function localTarget(path, specifier) {
  if (specifier.startsWith('@/')) return posix.normalize(specifier.slice(2));
  if (/^\.{1,2}(\/|$)/.test(specifier)) return posix.join(posix.dirname(path), specifier);
  return null;
}

/**
 * What is wrong with the import of `specifier` by the file at `path`, as a sentence, or null.
 * @param {string} path
 * @param {string} specifier
 * @param {boolean} typeOnly
 * @returns {string | null}
 */
export function objectionTo(path, specifier, typeOnly) {
  const part = partOf(path);
  if (part === null) return `${path} belongs to no part of the tree; see scripts/lint/arrows.js`;
  const target = localTarget(path, specifier);
  if (target === null) {
    const rule = PACKAGES.find(({ is }) => is.test(specifier));
    return rule === undefined || rule.from.test(part.name)
      ? null
      : `${part.name} may not import ${rule.name} (${specifier})`;
  }
  if (typeOnly || PLAIN_DATA.some((data) => data.test(target)) || /\.(css|svg)$/.test(target)) return null;
  const file = /\.(m?js|tsx?)$/.test(target) ? target : `${target}.ts`;
  const reached = partOf(file) ?? partOf(`${target}/index.ts`);
  if (reached === null) return `${target} belongs to no part of the tree; see scripts/lint/arrows.js`;
  const allowed = reached.name === part.name || part.imports.includes(reached.name) || part.imports.includes('*');
  return allowed ? null : `${part.name} may not import ${reached.name} (${specifier})`;
}
