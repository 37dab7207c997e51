import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TEST_HUB_URL } from '@/scripts/hub/test-hub';
import { exitCodeOf } from '@/scripts/run-step';
import { add, summary, tallyOfCheck, tallyOfPlaywright, tallyOfVitest, type Tally } from '@/scripts/test-report';

/**
 * `npm test`: everything that must hold, and one last line `N passed, N failed` over all of it. Lint, types and the two
 * builds count as one check each. `--only lint,types,unit,build,browser` runs a part.
 */
const STAGES = ['lint', 'types', 'unit', 'build', 'browser'] as const;
type Stage = (typeof STAGES)[number];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = new Set(values.only === undefined ? STAGES : values.only.split(','));
for (const name of chosen) if (!STAGES.some((stage) => stage === name)) throw new Error(`no such stage: ${name}`);

const root = process.cwd();
const reports = join(root, '.work', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

const run = (command: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  exitCodeOf(command, parameters, { cwd: root, env: { NEXT_TELEMETRY_DISABLED: '1', ...env } });

async function runUnit(): Promise<Tally> {
  const report = join(reports, 'vitest.json');
  const code = await run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return tallyOfVitest(readReport(report), code);
}

/** The export for the root, and one for a sub-path with a hub on this machine: both are fixed when an export is built. */
async function runBuild(): Promise<Tally> {
  const sub = await run('npm', ['run', 'build', '--', '--base', '/sub', '--to', '.work/out-sub'], {
    NEXT_PUBLIC_HUB_URL: TEST_HUB_URL,
  });
  return add(tallyOfCheck(sub), tallyOfCheck(await run('npm', ['run', 'build', '--', '--base', '/'])));
}

async function runBrowser(): Promise<Tally> {
  const report = join(reports, 'playwright.json');
  const code = await run('npx', ['playwright', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return tallyOfPlaywright(readReport(report), code);
}

const RUNNERS: Readonly<Record<Stage, () => Promise<Tally>>> = {
  lint: async () => tallyOfCheck(await run('npm', ['run', 'lint'])),
  types: async () => tallyOfCheck(await run('npm', ['run', 'typecheck'])),
  unit: runUnit,
  build: runBuild,
  browser: runBrowser,
};

let total: Tally = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const stage of STAGES.filter((name) => chosen.has(name))) {
  console.log(`\n== ${stage}`);
  const tally = await RUNNERS[stage]();
  lines.push(`${stage}: ${summary(tally)}`);
  total = add(total, tally);
}

console.log(`\n${lines.join('\n')}`);
console.log(summary(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
