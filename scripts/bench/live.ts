import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { installProbe, longTasksSince } from '@/scripts/bench/page-probe';
import { browseExport } from '@/scripts/browse-export';

/**
 * `npm run bench:live [-- --minutes 10] [--directory out] [--json]`: lets the built page's live view run for that long in headless
 * Chromium and looks at it every few seconds: frames, tasks over 50 ms, how long a click and a key wait, heap, tensors and bytes.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    directory: { type: 'string', default: 'out' },
    json: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError(`--minutes takes a number above 0, not ${values.minutes}`);

const EVERY_MS = 5000;

interface Sample {
  readonly atS: number;
  readonly framesPerSecond: number;
  readonly frameMs: number;
  /** From the event's own time until the page's next frame is painted. */
  readonly clickMs: number;
  readonly keyMs: number;
  /** As it is: to collect garbage would itself be a long task. */
  readonly heapMB: number;
  readonly modelMemory: string;
}

interface Timed {
  inputMs: number | null;
}

declare global {
  interface Window {
    liveBench: Timed;
  }
  /** Chromium's own. */
  interface Performance {
    readonly memory: { readonly usedJSHeapSize: number };
    measureUserAgentSpecificMemory(): Promise<{
      readonly breakdown: readonly {
        readonly bytes: number;
        readonly types: readonly string[];
        readonly attribution: readonly { readonly scope: string }[];
      }[];
    }>;
  }
}

interface Memory {
  readonly pageBytes: number;
  readonly workerBytes: number;
}

/** What JavaScript holds in the page and in its worker; the browser collects its garbage first. Pages that are isolated may ask. */
async function memory(page: Page): Promise<Memory> {
  return page.evaluate(async () => {
    const { breakdown } = await performance.measureUserAgentSpecificMemory();
    const held = (scope: string): number =>
      breakdown
        .filter(({ types, attribution }) => types.includes('JavaScript') && attribution.some((a) => a.scope === scope))
        .reduce((sum, { bytes }) => sum + bytes, 0);
    return { pageBytes: held('Window'), workerBytes: held('DedicatedWorkerGlobalScope') };
  });
}

/** Notes how long the next click or key waits until what follows it is painted. */
async function armInput(page: Page, kind: 'click' | 'keydown'): Promise<void> {
  await page.evaluate((event) => {
    window.liveBench = { inputMs: null };
    window.addEventListener(
      event,
      ({ timeStamp }) => {
        requestAnimationFrame(() => setTimeout(() => (window.liveBench.inputMs = performance.now() - timeStamp), 0));
      },
      { once: true, capture: true },
    );
  }, kind);
}

async function inputMs(page: Page): Promise<number> {
  await page.waitForFunction(() => window.liveBench.inputMs !== null, null, { timeout: 10_000 });
  return page.evaluate(() => window.liveBench.inputMs ?? Number.NaN);
}

async function look(page: Page, startedAt: number, turn: number): Promise<Sample> {
  const layers = page.getByRole('radiogroup', { name: 'Layer' });
  await armInput(page, 'click');
  await layers
    .locator('label')
    .nth(turn % 4)
    .click();
  const clickMs = await inputMs(page);
  await armInput(page, 'keydown');
  await page.keyboard.press(turn % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  const keyMs = await inputMs(page);
  const number = async (id: string): Promise<string> => page.locator(`[data-live=${id}]`).innerText();
  return {
    atS: (performance.now() - startedAt) / 1000,
    framesPerSecond: parseFloat(await number('fps')),
    frameMs: parseFloat(await number('frame-ms')),
    clickMs,
    keyMs,
    heapMB: (await page.evaluate(() => performance.memory.usedJSHeapSize)) / 1e6,
    modelMemory: await number('memory'),
  };
}

function line(name: string, samples: readonly Sample[]): string {
  const median = (pick: (sample: Sample) => number): string => {
    const sorted = samples.map(pick).sort((a, b) => a - b);
    return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(1);
  };
  const worst = (pick: (sample: Sample) => number): string => Math.max(...samples.map(pick)).toFixed(1);
  const memories = [...new Set(samples.map(({ modelMemory }) => modelMemory.replaceAll('\u202f', ' ')))].join('; ');
  return [
    name.padEnd(14),
    `${median((s) => s.framesPerSecond)} fps`,
    `${median((s) => s.frameMs)} ms a frame`,
    `click ${median((s) => s.clickMs)} ms (worst ${worst((s) => s.clickMs)})`,
    `key ${median((s) => s.keyMs)} ms (worst ${worst((s) => s.keyMs)})`,
    `heap ${median((s) => s.heapMB)} MB (most ${worst((s) => s.heapMB)})`,
    `models ${memories}`,
  ].join(', ');
}

await browseExport(values.directory, async ({ browser, url }) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await installProbe(page);
  await page.goto(`${url}?panel=live`);
  await page.getByText('computed here').waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => Number(document.querySelector('[data-live=fps]')?.textContent) > 1);
  await page.waitForTimeout(3000);
  const before = await memory(page);

  const path = (await page.locator('[data-path]').innerText()).replaceAll('\n', ': ');
  const startedAt = performance.now();
  const fromMs = await page.evaluate(() => performance.now());
  const samples: Sample[] = [];
  while (performance.now() - startedAt < minutes * 60_000) {
    samples.push(await look(page, startedAt, samples.length));
    const next = startedAt + samples.length * EVERY_MS;
    await page.waitForTimeout(Math.max(0, next - performance.now()));
  }
  const tasks = await longTasksSince(page, fromMs);
  const after = await memory(page);

  if (values.json) {
    console.log(
      JSON.stringify(
        { minutes, path, longTasks: tasks, loadAverage: loadavg()[0], memory: { before, after }, samples },
        null,
        2,
      ),
    );
    return;
  }
  const minute = (from: number) => samples.filter(({ atS }) => atS >= from && atS < from + 60);
  console.log(`live view for ${minutes} minutes, ${browser.version()}; ${path}`);
  console.log(line('first minute', minute(0)));
  console.log(line('last minute', minute(Math.max(0, minutes * 60 - 60))));
  console.log(line('all of it', samples));
  const longest = tasks.count === 0 ? '' : `, the longest ${Math.round(tasks.longestMs)} ms`;
  console.log(`tasks over 50 ms on the page: ${tasks.count}${longest}`);
  const grown = (pick: (of: Memory) => number): string =>
    [before, after].map((of) => (pick(of) / 1e6).toFixed(2)).join(' → ');
  console.log(
    `JavaScript's memory without garbage, before → after: page ${grown(({ pageBytes }) => pageBytes)} MB, worker ${grown(({ workerBytes }) => workerBytes)} MB`,
  );
  console.log(
    `load average of the machine: ${loadavg()[0]?.toFixed(1)}; a task waits for a core that others have, and counts its wait`,
  );
});
