import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { standInRepos } from '@/scripts/hub/repos';
import { createStandIn, type Faults } from '@/scripts/hub/stand-in';

/** `npm run hub`: a hub on this machine, for a build with NEXT_PUBLIC_HUB_URL=http://127.0.0.1:4180. */
const USAGE = `npm run hub -- [options]
  --port N           4180
  --weights FOLDER   published weights, named as timm names them (../shared/weights)
  --faults JSON      what goes wrong, for example {"bytesPerSecond": 2000000}; POST the same to /__faults to change it`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4180' },
    weights: { type: 'string', default: '../shared/weights' },
    faults: { type: 'string', default: '{}' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const repos = standInRepos(resolve('tests/golden'), resolve(values.weights));
  const hub = createStandIn(repos);
  hub.setFaults(JSON.parse(values.faults) as Faults);
  console.log(`hub: ${await hub.listen(Number(values.port))}`);
  for (const { id } of repos) console.log(`  ${id}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void hub.close());
}

await main();
