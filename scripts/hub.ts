/** `npm run hub`: a hub on this machine, for a build with NEXT_PUBLIC_HUB_URL=http://127.0.0.1:4180. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '@/scripts/command';
import { createHub, type Faults } from '@/scripts/hub/hub-server';
import { hubRepos } from '@/scripts/hub/repos';

const USAGE = `npm run hub -- [options]
  --port N           4180
  --weights FOLDER   published weights, named as timm names them (../shared/weights)
  --faults JSON      what goes wrong, for example {"bytesPerSecond": 2000000}; POST the same to /__faults to change it`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4180' },
      weights: { type: 'string', default: '../shared/weights' },
      faults: { type: 'string', default: '{}' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const repos = hubRepos(resolve('tests/golden'), resolve(values.weights));
  const hub = createHub(repos);
  hub.setFaults(JSON.parse(values.faults) as Faults);
  console.log(`hub: ${await hub.listen(Number(values.port))}`);
  for (const { id } of repos) console.log(`  ${id}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void hub.close());
});
