/** What the page and the worker load: imports that are left when the types are gone, followed to their ends. */
import floors, { forbid, inside, packages } from './.dependency-cruiser.mjs';

const PAGE = `${inside('app', 'components', 'state')}|^analyses/.*\\.tsx$|^analyses/(views|spawn-worker)\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    forbid(
      'page-without-tfjs',
      { path: PAGE },
      { path: '^lib/tf\\.ts$', reachable: true },
      'tfjs lives in the worker, which the page starts by `new Worker(new URL(...))` and never imports.',
    ),
    forbid(
      'worker-without-page',
      { path: '^analyses/model\\.worker\\.ts$' },
      { path: `${PAGE}|${packages('react', 'react-dom', 'next', '@mantine')}`, reachable: true },
      'The worker draws nothing.',
    ),
  ],
  options: {
    ...floors.options,
    tsPreCompilationDeps: false,
    cache: { folder: 'node_modules/.cache/dependency-cruiser/loaded', strategy: 'content' },
  },
};

export default configuration;
