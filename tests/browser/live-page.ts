import { expect, type Page } from '@playwright/test';
import { openExplore } from './explore-page';
import { openTab } from './tabs-page';

/** The live view as a visitor uses it. */

export const live = (page: Page) => page.locator('#live');
export const start = (page: Page) => live(page).getByRole('button', { name: 'Start' });
export const pause = (page: Page) => live(page).getByRole('button', { name: 'Pause' });
export const figure = (page: Page, id: string) => page.locator(`[data-live="${id}"]`);
export const path = (page: Page) => page.locator('[data-path]');

/** The pixels of the drawing. */
export const drawing = (page: Page): Promise<string> =>
  live(page)
    .getByRole('img', { name: /^Live:/ })
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

export async function expectMoving(page: Page): Promise<void> {
  const before = await drawing(page);
  await expect.poll(() => drawing(page)).not.toBe(before);
}

export async function expectStill(page: Page): Promise<void> {
  // What was on its way is drawn by then.
  await page.waitForTimeout(400);
  const before = await drawing(page);
  await page.waitForTimeout(600);
  expect(await drawing(page)).toBe(before);
}

export async function openLive(page: Page): Promise<void> {
  await openExplore(page);
  await openTab(page, 'live');
  await expect(figure(page, 'fps')).not.toHaveText('n/a');
}
