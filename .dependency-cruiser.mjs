/** Who may import whom. Arrows go down the floors only and form no circle; types count as much as values. */

const FLOORS = ['app', 'analyses', 'components', 'state', 'engine', 'models', 'lib'];

/** A path inside one of them. @param {readonly string[]} floors */
const within = (floors) => `^(${floors.join('|')})/`;

const upwards = FLOORS.slice(1).map((floor, index) => ({
  name: `no-arrow-up-from-${floor}`,
  severity: 'error',
  comment: `${floor}/ is imported by the floors above it and knows nothing of them.`,
  from: { path: within([floor]) },
  to: { path: within(FLOORS.slice(0, index + 1)) },
}));

/** Packages that belong to certain folders. */
const packages = [
  { name: 'tfjs-in-one-file', is: '@tensorflow', from: '^lib/tf\\.ts$' },
  { name: 'react-above-the-engine', is: '(react|react-dom|next|recharts|@mantine)', from: within(FLOORS.slice(0, 4)) },
  { name: 'd3-where-pictures-are-drawn', is: 'd3[^/]*', from: '^(lib/viz|components/charts)/' },
].map(({ name, is, from }) => ({
  name,
  severity: 'error',
  from: { path: within(FLOORS), pathNot: from },
  to: { path: `node_modules/${is}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or need a third.',
      from: { path: within(FLOORS) },
      to: { circular: true },
    },
    ...upwards,
    {
      name: 'analyses-apart',
      severity: 'error',
      comment: 'An analysis is its folder: what two of them share lies beside the folders, or on a floor below.',
      from: { path: '^analyses/([^/]+)/' },
      to: { path: '^analyses/[^/]+/', pathNot: '^analyses/$1/' },
    },
    {
      name: 'charts-draw-what-they-are-given',
      severity: 'error',
      comment: 'Props in, picture out: no store, no worker, no models.',
      from: { path: '^components/(ui|charts)/' },
      to: { path: '^(components/(?!ui/|charts/)|state/|engine/|models/)' },
    },
    {
      name: 'ui-below-charts',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: '^components/charts/' },
    },
    {
      name: 'math-at-the-bottom',
      severity: 'error',
      from: { path: '^lib/math/' },
      to: { path: '^lib/(?!math/)' },
    },
    {
      name: 'page-without-tfjs',
      comment: 'What the page runs may name the types of models, but brings none of their code: tfjs is in the worker.',
      severity: 'error',
      from: { path: '^(app|components|state)/|^analyses/.*\\.tsx$' },
      to: {
        path: '^(lib/tf\\.ts|models/(create-model|live|repair|precision|predict|speed|packed|trace-image)\\.ts)$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'compute-draws-nothing',
      severity: 'error',
      comment: 'What runs in the worker may not bring the page along.',
      from: { path: '^analyses/([^/]+/compute[^/]*|computes)\\.ts$' },
      to: { path: '^(app|components|state)/|\\.tsx$' },
    },
    ...packages,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^models/training|\\.(css|json)$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};

export default configuration;
