import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/**
 * A Chromium-like browser for the browser tests: the one named by CHROME_PATH or CHROMIUM_PATH, one installed on this
 * machine, Playwright's own download, and on a Debian machine without any, as root, the distribution's package.
 */

const COMMANDS = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge',
  'msedge',
];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installed(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))), ...PLACES];
  return candidates.find(isExecutable) ?? null;
}

/** Installs Debian's chromium where that is possible without asking anyone: as root, with apt-get. */
function installOnDebian(): string | null {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null;
  console.error('no browser found: installing the package chromium');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      env: environment,
      stdio: 'ignore',
    });
  if (install().status !== 0) {
    execFileSync('apt-get', ['update'], { env: environment, stdio: 'ignore' });
    install();
  }
  return installed();
}

/** Path of the browser's executable. Throws, naming the remedies, when there is none. */
export function findBrowser(): string {
  for (const name of ['CHROME_PATH', 'CHROMIUM_PATH']) {
    const path = process.env[name];
    if (path === undefined || path === '') continue;
    if (!isExecutable(path)) throw new Error(`${name} names no executable: ${path}`);
    return path;
  }
  const own = chromium.executablePath();
  const found = installed() ?? (own !== '' && isExecutable(own) ? own : null) ?? installOnDebian();
  if (found !== null) return found;
  throw new Error(
    'no browser for the tests: install Chromium or Chrome, or run `npx playwright install chromium`, or set CHROME_PATH',
  );
}
