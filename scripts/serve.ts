import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { normalizeBase } from '@/scripts/base-path';
import { HEADERS_MANIFEST } from '@/scripts/postbuild';
import { runStep } from '@/scripts/run-step';
import { createStaticServer, listen, readManifest } from '@/scripts/static-server';

/** `npm start`: serves the export on this machine, building it first where there is none. */
const USAGE = `npm start -- [options]
  --port N           first port to try (3000, or PORT); the next free one is taken when it is busy
  --exact-port       fail instead of taking another port
  --host ADDRESS     127.0.0.1
  --base /sub        path to serve under; must be the one the export was built for
  --directory FOLDER out
  --no-build         fail where there is no export instead of building one
  --no-headers       imitate a host that cannot set headers`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '3000' },
    'exact-port': { type: 'boolean', default: false },
    host: { type: 'string', default: '127.0.0.1' },
    base: { type: 'string' },
    directory: { type: 'string', default: 'out' },
    'no-build': { type: 'boolean', default: false },
    'no-headers': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`not a port: ${values.port}`);

  const directory = resolve(values.directory);
  const wanted = values.base === undefined ? null : normalizeBase(values.base);
  if (!existsSync(join(directory, HEADERS_MANIFEST))) {
    if (values['no-build']) throw new Error(`${values.directory} holds no export; run: npm run build`);
    const build = ['run', 'build', '--', '--to', values.directory, ...(wanted === null ? [] : ['--base', wanted])];
    await runStep('npm', build, { cwd: process.cwd() });
  }
  const { base } = readManifest(directory);
  if (wanted !== null && wanted !== base) {
    throw new Error(
      `${values.directory} was built for '${base || '/'}'; run: npm run build -- --base '${wanted || '/'}' --to ${values.directory}`,
    );
  }

  const server = createStaticServer({ directory, base, headers: !values['no-headers'] });
  const taken = await listen(server, port, values.host, values['exact-port']);
  console.log(`Bi-ViT Lens: http://${values.host}:${taken}${base}/`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
