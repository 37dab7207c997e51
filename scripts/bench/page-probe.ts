import type { Page } from '@playwright/test';
import { FIRST_PICTURE_FILE } from '@/engine/first-picture';

/** What the bench sees from inside the page: what is painted when, and which tasks kept its main thread. */

export interface LongTasks {
  readonly count: number;
  readonly longestMs: number;
}

interface Probe {
  firstPictureMs: number | null;
  liveMs: number | null;
  readonly tasks: { readonly startMs: number; readonly durationMs: number }[];
}

declare global {
  interface Window {
    benchProbe: Probe;
  }
}

/** Installed before any script of the page runs. */
export async function installProbe(page: Page): Promise<void> {
  // tsx wraps inner functions in this helper of its own, which a page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.addInitScript(() => {
    const probe: Probe = { firstPictureMs: null, liveMs: null, tasks: [] };
    window.benchProbe = probe;
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        probe.tasks.push({ startMs: startTime, durationMs: duration });
    }).observe({ type: 'longtask', buffered: true });
    const look = (): void => {
      // Until there are results, an inert placeholder with a canvas of its own keeps their place.
      const canvas = document.querySelector('#attention canvas');
      if (canvas !== null && canvas.closest('[inert]') === null) probe.firstPictureMs ??= performance.now();
      if (document.querySelector('#status')?.textContent.includes('computed here') === true) {
        probe.liveMs ??= performance.now();
      }
      if (probe.liveMs === null) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

export interface Arrivals {
  /** The page is hydrated: it asks for its prepared picture. */
  readonly hydratedMs: number;
  /** Its first attention map is painted. */
  readonly firstPictureMs: number;
  /** The live models' own results are. */
  readonly liveMs: number;
}

/** Milliseconds from navigation. */
export async function arrivals(page: Page): Promise<Arrivals> {
  await page.waitForFunction(() => window.benchProbe.liveMs !== null, null, { timeout: 120_000 });
  return page.evaluate(
    (file) => ({
      hydratedMs:
        performance.getEntriesByType('resource').find(({ name }) => name.endsWith(file))?.startTime ?? Number.NaN,
      firstPictureMs: window.benchProbe.firstPictureMs ?? Number.NaN,
      liveMs: window.benchProbe.liveMs ?? Number.NaN,
    }),
    FIRST_PICTURE_FILE,
  );
}

/** Paths of the scripts that the page itself has loaded so far; a worker keeps its own list. */
export function pageScripts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
      .filter(({ name, initiatorType }) => name.endsWith('.js') && ['script', 'link'].includes(initiatorType))
      .map(({ name }) => new URL(name).pathname),
  );
}

/**
 * Clicks what `selector` and `nth` name and waits until the distortion matrix, which only results decide, has other numbers and
 * the frame that shows them is through.
 *
 * @returns milliseconds from the click; `null` when nothing changed within `patienceMs`: two pictures may have the same numbers
 */
export function clickToRepaint(page: Page, selector: string, nth: number, patienceMs = 20_000): Promise<number | null> {
  return page.evaluate(
    async ({ selector, nth, patienceMs }) => {
      const numbers = (): string =>
        [...document.querySelectorAll('#distortion [role=gridcell]')]
          .map((cell) => cell.getAttribute('aria-label'))
          .join();
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      const before = numbers();
      const startMs = performance.now();
      document.querySelectorAll<HTMLElement>(selector)[nth]?.click();
      while (numbers() === before) {
        if (performance.now() - startMs > patienceMs) return null;
        await frame();
      }
      // A frame's callbacks come before it is painted; a task after them comes behind.
      await frame();
      await new Promise((resolve) => setTimeout(resolve, 0));
      return performance.now() - startMs;
    },
    { selector, nth, patienceMs },
  );
}

/** The main thread's tasks over 50 ms while `work` went on. */
export async function longTasksDuring(page: Page, work: () => Promise<unknown>): Promise<LongTasks> {
  const fromMs = await page.evaluate(() => performance.now());
  await work();
  return longTasksSince(page, fromMs);
}

export async function longTasksSince(page: Page, fromMs: number): Promise<LongTasks> {
  await page.waitForTimeout(200); // entries come a little later than what they tell of
  const durations = await page.evaluate(
    (from) => window.benchProbe.tasks.filter(({ startMs }) => startMs >= from).map(({ durationMs }) => durationMs),
    fromMs,
  );
  return { count: durations.length, longestMs: Math.max(0, ...durations) };
}

/** The page's heap after a collection, bytes. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
