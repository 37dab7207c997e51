/**
 * `npm run bench:page [-- --directory out] [--json FILE]`: how heavy and how fast the built export is, in a headless browser.
 *
 * Times depend on the machine and on what else it does: the load average stands beside them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import {
  arrivals,
  clickToRepaint,
  heapBytes,
  installProbe,
  longTasksDuring,
  longTasksSince,
  pageScripts,
  type Arrivals,
  type LongTasks,
} from '@/scripts/bench/page-probe';
import { longTasksOfDrag, measureTabs, type TabReport } from '@/scripts/bench/tabs';
import { browseExport } from '@/scripts/browse-export';

const SWITCHES = '#model [role=switch]';
const SAMPLES = '#input [role=radio], #input input[type=radio]';
const VISITS = 3;

interface Report {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly load: readonly number[] };
  readonly date: string;
  readonly versions: { readonly node: string; readonly browser: string };
  readonly firstLoad: { readonly gzipBytes: number; readonly chunks: readonly Chunk[] };
  readonly hydratedMs: number;
  readonly firstPictureMs: number;
  readonly liveMs: number;
  readonly switchMs: number;
  readonly newSampleMs: number;
  /** Once the page is hydrated, by what went on. */
  readonly longTasks: { readonly [Occasion in (typeof OCCASIONS)[number]]: LongTasks };
  readonly tabs: readonly TabReport[];
  readonly heap: { readonly beforeBytes: number; readonly afterBytes: number };
}

interface Chunk {
  readonly file: string;
  readonly gzipBytes: number;
}

const OCCASIONS = ['taking over', 'switching', 'new samples', 'queries', 'hovering', 'dragging alpha'] as const;

async function measure(browser: Browser, address: string, directory: string, base: string): Promise<Report> {
  const visits: Arrivals[] = [];
  let page: Page | null = null;
  for (let visit = 0; visit < VISITS; visit++) {
    await page?.context().close();
    // A context of its own: nothing is cached.
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    await installProbe(page);
    await page.goto(address);
    visits.push(await arrivals(page));
  }
  if (page === null) throw new Error('no visit');
  const view = page;
  await view.waitForLoadState('networkidle');
  const takingOver = await longTasksSince(view, visits.at(-1)?.hydratedMs ?? 0);
  const chunks = (await pageScripts(view)).map((path) => {
    const file = path.slice(base.length);
    return { file, gzipBytes: gzipSync(readFileSync(join(directory, file)), { level: 9 }).length };
  });

  const newSampleTimes: (number | null)[] = [];
  const newSamples = await longTasksDuring(view, async () => {
    for (let i = 1; i <= 10; i++) newSampleTimes.push(await clickToRepaint(view, SAMPLES, i));
  });

  const switchTimes: (number | null)[] = [];
  const turn = (i: number): Promise<number | null> => clickToRepaint(view, SWITCHES, i % 2, 2_000);
  for (let i = 0; i < 4; i++) await turn(i); // warm
  const switching = await longTasksDuring(view, async () => {
    for (let i = 0; i < 20; i++) switchTimes.push(await turn(i));
  });

  const queries = await longTasksDuring(view, async () => {
    const cells = view.locator('#input [role=gridcell]');
    for (let i = 0; i < 20; i++) await cells.nth((i * 11) % 49).click();
  });
  const hovering = await longTasksDuring(view, async () => {
    for (const area of ['#attention', '#distortion']) {
      const cells = view.locator(`${area} [role=gridcell]`);
      const count = await cells.count();
      for (let i = 0; i < 20; i++) await cells.nth(Math.floor((i * count) / 20)).hover({ force: true });
    }
  });

  const tabs = await measureTabs(view);
  await view.locator('#tab-gradient').click();
  await view.locator('#softmax-microscope canvas').first().waitFor();
  const dragging = await longTasksOfDrag(view);
  await view.locator('#tab-attention').click();

  const beforeBytes = await heapBytes(view);
  for (let i = 0; i < 200; i++) await turn(i);
  const afterBytes = await heapBytes(view);
  return {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, load: loadavg() },
    date: new Date().toISOString(),
    versions: { node: process.version, browser: browser.version() },
    firstLoad: { gzipBytes: chunks.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0), chunks },
    hydratedMs: median(visits.map(({ hydratedMs }) => hydratedMs)),
    firstPictureMs: median(visits.map(({ firstPictureMs }) => firstPictureMs)),
    liveMs: median(visits.map(({ liveMs }) => liveMs)),
    switchMs: median(switchTimes),
    newSampleMs: median(newSampleTimes),
    longTasks: {
      'taking over': takingOver,
      switching,
      'new samples': newSamples,
      queries,
      hovering,
      'dragging alpha': dragging,
    },
    tabs,
    heap: { beforeBytes, afterBytes },
  };
}

/** Of what was measured; what showed no change says nothing about time. */
function median(values: readonly (number | null)[]): number {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing to take a median of: no click changed the page');
  return middle;
}

function lines({ machine, versions, date, ...report }: Report): readonly string[] {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  const row = (name: string, value: string): string => `${name.padEnd(38)}${value}`;
  const tasks = ({ count, longestMs }: LongTasks): string =>
    count === 0 ? 'none' : `${count}, longest ${ms(longestMs)}`;
  return [
    `${date}  ${machine.cores} x ${machine.cpu}, load ${machine.load.map((load) => load.toFixed(1)).join(' ')}`,
    `Node ${versions.node}, browser ${versions.browser}`,
    row('JavaScript of the first load, gzip', kB(report.firstLoad.gzipBytes)),
    ...report.firstLoad.chunks.map(({ file, gzipBytes }) => row(`  ${file.split('/').at(-1) ?? file}`, kB(gzipBytes))),
    row(`hydrated, median of ${VISITS}`, ms(report.hydratedMs)),
    row(`first picture, median of ${VISITS}`, ms(report.firstPictureMs)),
    row(`live models, median of ${VISITS}`, ms(report.liveMs)),
    row('switch when warm, median of 20', ms(report.switchMs)),
    row('new sample, median of 10', ms(report.newSampleMs)),
    ...OCCASIONS.map((occasion) => row(`tasks over 50 ms: ${occasion}`, tasks(report.longTasks[occasion]))),
    row('tab', 'first, again, new sample; tasks over 50 ms'),
    ...report.tabs.map(({ name, firstMs, againMs, newSampleMs, longTasks }) =>
      row(`  ${name}`, `${[firstMs, againMs, newSampleMs].map(ms).join(', ')}; ${tasks(longTasks)}`),
    ),
    row('heap before and after 200 switches', `${kB(report.heap.beforeBytes)}, ${kB(report.heap.afterBytes)}`),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { directory: { type: 'string', default: 'out' }, json: { type: 'string' } },
  });
  await browseExport(values.directory, async ({ browser, url, base }) => {
    const report = await measure(browser, url, resolve(values.directory), base);
    for (const line of lines(report)) console.log(line);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  });
}

await main();
