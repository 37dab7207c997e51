import type { Page } from '@playwright/test';
import { longTasksDuring, type LongTasks } from '@/scripts/bench/page-probe';

/** How the tabs beside the first one come, and what they ask of the page's thread. */

export const TABS = ['Gradient', 'Ranking', 'Binarizers', 'Attribution', 'Precision'] as const;

export interface TabReport {
  readonly name: (typeof TABS)[number];
  /** From the click until its results are painted: with its code yet to come, and the second time. */
  readonly firstMs: number;
  readonly againMs: number;
  /** From a click on another sample until the tab's own results are painted. */
  readonly newSampleMs: number;
  readonly longTasks: LongTasks;
}

export async function measureTabs(page: Page): Promise<readonly TabReport[]> {
  const reports: TabReport[] = [];
  for (const [i, name] of TABS.entries()) {
    let times = { firstMs: Number.NaN, againMs: Number.NaN, newSampleMs: Number.NaN };
    const longTasks = await longTasksDuring(page, async () => {
      const firstMs = await clickUntilSettled(page, tabSelector(name));
      await clickUntilSettled(page, tabSelector('Attention'));
      const againMs = await clickUntilSettled(page, tabSelector(name));
      const newSampleMs = await clickUntilSettled(page, `#input [role=radiogroup] label:nth-child(${i + 2}) input`);
      times = { firstMs, againMs, newSampleMs };
    });
    reports.push({ name, ...times, longTasks });
  }
  await clickUntilSettled(page, tabSelector('Attention'));
  return reports;
}

/** Drags alpha of the softmax microscope over its whole range, a step a frame. */
export function longTasksOfDrag(page: Page): Promise<LongTasks> {
  return longTasksDuring(page, async () => {
    const slider = page.locator('#softmax-microscope').getByRole('slider').first();
    const box = await slider.locator('xpath=ancestor::*[contains(@class,"mantine-Slider-root")][1]').boundingBox();
    if (box === null) throw new Error('the slider of alpha is not on the page');
    await page.mouse.move(box.x + 4, box.y + box.height / 2);
    await page.mouse.down();
    for (let step = 0; step <= 120; step++) {
      await page.mouse.move(box.x + 4 + ((box.width - 8) * step) / 120, box.y + box.height / 2);
    }
    await page.mouse.up();
  });
}

function tabSelector(name: string): string {
  return `#tab-${name.toLowerCase()}`;
}

/** Milliseconds from the click until nothing in the open tab waits any more, and the frame that shows it is through. */
function clickUntilSettled(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (chosen) => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    const isBusy = (): boolean =>
      [...document.querySelectorAll('[role=tabpanel] :is([aria-busy=true], .mantine-Skeleton-root)')].some((element) =>
        element.checkVisibility(),
      );
    const target = document.querySelector<HTMLElement>(chosen);
    if (target === null) throw new Error(`nothing on the page is ${chosen}`);
    const startMs = performance.now();
    target.click();
    // What a click sets going shows within a few frames, and between two steps nothing may seem busy: it is over when it stays so.
    const quietFrames = 15;
    let settledMs = 0;
    for (let quiet = 0; quiet < quietFrames; quiet = isBusy() ? 0 : quiet + 1) {
      await frame();
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (quiet === 0) settledMs = performance.now() - startMs;
    }
    return settledMs;
  }, selector);
}
