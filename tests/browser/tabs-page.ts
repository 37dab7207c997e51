import { expect, type Locator, type Page } from '@playwright/test';

/** The tabs of the results, as a visitor uses them. */

export const LAZY_PANELS = [
  'gradient',
  'ranking',
  'binarizers',
  'attention-distance',
  'attribution',
  'precision',
  'cost',
  'live',
] as const;
/** Those whose numbers are of the picture; costs are of the architecture alone. */
export const PICTURE_PANELS = [
  'gradient',
  'ranking',
  'binarizers',
  'attention-distance',
  'attribution',
  'precision',
] as const;
export type LazyPanel = (typeof LAZY_PANELS)[number];

/** By its id or its label. */
export const tabOf = (page: Page, name: string): Locator =>
  page.getByRole('tab', { name: name === 'attention-distance' ? /^Distance/ : new RegExp(`^${name}`, 'i') });
export const panelOf = (page: Page): Locator => page.getByRole('tabpanel');
export const selectionBar = (page: Page): Locator => page.getByRole('region', { name: 'Selection' });

/** Opens a tab by its button and waits until everything in it is here. */
export async function openTab(page: Page, panel: string): Promise<void> {
  await tabOf(page, panel).click();
  await waitUntilSettled(page, panel);
}

/** Nothing in the tab is loading, computed or refused. */
export async function waitUntilSettled(page: Page, panel: string): Promise<void> {
  await expect(panelOf(page)).toHaveAttribute('id', `panel-${panel}`);
  await expect(panelOf(page).getByRole('heading').first()).toBeVisible({ timeout: 60_000 });
  await expect(panelOf(page).locator('[aria-busy="true"]')).toHaveCount(0, { timeout: 60_000 });
  await expect(panelOf(page).getByRole('alert')).toHaveCount(0);
}

/** The numbers on screen in the tab, without those of the place bar, once all is drawn: a tab draws its panels one after the other. */
export async function numbersOf(page: Page): Promise<string> {
  let numbers = '';
  await expect
    .poll(
      async () => {
        const before = numbers;
        numbers = await numbersNow(page);
        return numbers === before;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return numbers;
}

async function numbersNow(page: Page): Promise<string> {
  const texts = await panelOf(page).locator('section:not(section section)').allInnerTexts();
  const bar = await selectionBar(page).innerText();
  return texts
    .filter((text) => text !== bar)
    .flatMap((text) => text.match(/[-−+]?\d+(\.\d+)?/g) ?? [])
    .join(' ');
}
