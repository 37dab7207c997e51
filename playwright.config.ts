import { execFileSync } from 'node:child_process';
import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/find-browser';
import { TEST_HUB_PORT } from './scripts/hub/test-hub';

/**
 * Browser tests drive the built exports (`npm test -- --only build` makes both):
 * one server sends every header, the other none and under a sub-path; the latter’s hub is one on this machine.
 */

/** Config files are read again in every worker process; ports found once travel to them through the environment. */
function freePort(name: string): number {
  const script =
    "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})";
  const value = process.env[name] ?? execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
  process.env[name] = value;
  return Number(value);
}

const port = freePort('LENS_PORT');
const bareUrl = `http://127.0.0.1:${freePort('LENS_BARE_PORT')}/sub/`;
process.env.LENS_BARE_URL = bareUrl;
process.env.LENS_BROWSER ??= findBrowser();

const serve = (parameters: string) => `npx tsx scripts/serve.ts --no-build --exact-port ${parameters}`;

export default defineConfig({
  testDir: 'tests/browser',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  // A page waits about as long as it computes: two share two cores well. The hub's faults are set by one file alone.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    // A trace of every page takes two fifths of the time: ask for one with `npx playwright test --trace retain-on-failure FILE`.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.LENS_BROWSER,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        // Without these Chromium looks for its maker's hosts at every start, which a closed network refuses.
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } }],
  webServer: [
    { command: serve(`--port ${port} --directory out`), url: `http://127.0.0.1:${port}/`, timeout: 30_000 },
    {
      command: serve(`--port ${new URL(bareUrl).port} --directory .work/out-sub --base /sub --no-headers`),
      url: bareUrl,
      timeout: 30_000,
    },
    {
      command: `npx tsx scripts/hub.ts --port ${TEST_HUB_PORT}`,
      url: `http://127.0.0.1:${TEST_HUB_PORT}/__faults`,
      timeout: 30_000,
    },
  ],
});
