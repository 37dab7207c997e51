/**
 * Who may import whom, types included. `.dependency-cruiser.loaded.mjs` checks what is loaded at run time, without types.
 */

export const FLOORS = ['app', 'analyses', 'components', 'state', 'engine', 'models', 'lib'];

/** Paths inside these folders. @param {...string} folders */
export const inside = (...folders) => `^(${folders.join('|')})/`;

/** Paths inside one of these packages, as patterns. @param {...string} names */
export const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** A forbidden dependency. @param {string} name @param {object} from @param {object} to @param {string} comment */
export const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

const source = { path: inside(...FLOORS) };

const upwards = FLOORS.slice(1).map((floor, above) =>
  forbid(
    `no-upward-import-from-${floor}`,
    { path: inside(floor) },
    { path: inside(...FLOORS.slice(0, above + 1)) },
    `${floor}/ knows nothing of the floors above it.`,
  ),
);

/** Folders of lib/, each with what else in lib/ it may import. */
const LIB = {
  math: [],
  metrics: ['math/'],
  quantizers: ['math/', 'tf\\.ts$'],
  kernels: ['math/', 'tf\\.ts$'],
  checkpoints: ['math/', 'images/'],
  accounting: ['math/'],
  images: ['math/'],
  viz: ['math/'],
};
/** What some may import as types only. */
const LIB_TYPES = { metrics: ['quantizers/parameters\\.ts$'], viz: ['metrics/', 'quantizers/'] };

const insideLib = Object.entries(LIB).flatMap(([folder, allowed]) => {
  const from = { path: inside(`lib/${folder}`) };
  const others = (paths) => ({ path: '^lib/', pathNot: `^lib/(${[`${folder}/`, ...paths].join('|')})` });
  const types = LIB_TYPES[folder];
  const comment = `lib/${folder}/ imports of lib/ only: ${[...allowed, ...(types ?? []).map((path) => `${path} (types)`)].join(', ') || 'itself'}.`;
  if (types === undefined) return [forbid(`lib-${folder}`, from, others(allowed), comment)];
  return [
    forbid(`lib-${folder}`, from, { ...others(allowed), dependencyTypesNot: ['type-only'] }, comment),
    forbid(`lib-${folder}-types`, from, others([...allowed, ...types]), comment),
  ];
});

/** Packages that belong to certain files. */
const owners = [
  ['tfjs-only-in-lib-tf', ['@tensorflow'], '^lib/tf\\.ts$'],
  [
    'react-only-in-components-and-hooks',
    ['react', 'react-dom', 'next', 'recharts', '@mantine'],
    `${inside('app', 'analyses', 'components')}|^state/.*\\buse-[^/]*$`,
  ],
  [
    'd3-only-where-pictures-are-drawn',
    ['d3[^/]*', '@types/d3[^/]*'],
    inside('lib/viz', 'lib/math', 'components/charts'),
  ],
  ['math-takes-d3-array-only', ['(?!d3-array/)[^/]+'], '^(?!lib/math/)'],
].map(([name, names, owner]) => forbid(name, { ...source, pathNot: owner }, { path: packages(...names) }));

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    forbid('no-circles', source, { circular: true }, 'Two files that need each other are one file, or need a third.'),
    forbid(
      'resolvable',
      source,
      { couldNotResolve: true },
      'An import that leads nowhere is checked by no other rule.',
    ),
    forbid(
      'no-tools-in-the-app',
      source,
      { path: inside('scripts', 'tests') },
      'scripts/ and tests/ stand outside the floors and may import any of them.',
    ),
    ...upwards,
    ...insideLib,
    forbid('lib-tf', { path: '^lib/tf\\.ts$' }, source),
    forbid(
      'analyses-apart',
      { path: '^analyses/([^/]+)/' },
      { path: '^analyses/', pathNot: '^analyses/$1/' },
      'What two analyses share is on a floor below; the registries beside the folders import them.',
    ),
    forbid(
      'ui-imports-nothing-of-ours',
      { path: inside('components/ui') },
      { ...source, pathNot: inside('components/ui') },
    ),
    forbid(
      'charts-import-only-lib-and-ui',
      { path: inside('components/charts') },
      { ...source, pathNot: inside('lib', 'components/charts', 'components/ui') },
      'Props in, picture out.',
    ),
    ...owners,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^models/training|\\.(css|json)$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser/written', strategy: 'content' },
  },
};

export default configuration;
