import { expect, type Locator, type Page } from '@playwright/test';

/**
 * The Explore page as a visitor uses it: by role and name, so that what a test can find a screen reader can find.
 */

export const queryGrid = (page: Page): Locator => page.getByRole('grid', { name: /^Query, on / });
export const matrix = (page: Page): Locator => page.locator('#distortion').getByRole('grid').first();
export const status = (page: Page): Locator => page.locator('#status');
export const pane = (page: Page, name: RegExp): Locator =>
  page.locator('#attention').getByRole('grid', { name }).first();
export const switchOf = (page: Page, name: RegExp): Locator => page.locator('#model').getByRole('switch', { name });

/** Opens the page and waits until the live models have taken over from the prepared picture. */
export async function openExplore(page: Page, search = ''): Promise<void> {
  await page.goto(`./${search}`);
  await waitUntilLive(page);
}

export async function waitUntilLive(page: Page): Promise<void> {
  await expect(status(page)).toContainText('computed here', { timeout: 60_000 });
  await expect(status(page).getByRole('status')).toHaveText(/^ready/, { timeout: 60_000 });
  await expectNothingStale(page);
}

/** Waits until what is shown is of the picture and the models that are chosen, and whole. */
export async function expectNothingStale(page: Page): Promise<void> {
  await expect(page.locator('#predictions [aria-busy="true"]')).toHaveCount(0);
  await expect(page.locator('#distortion').getByRole('gridcell', { name: /being computed/ })).toHaveCount(0);
}

/** Everything that the selection decides, read off the screen: with the numbers, not the address. */
export async function whatIsShown(page: Page) {
  const selected = (grid: Locator) => grid.locator('[aria-selected="true"]').getAttribute('aria-label');
  const cells = (grid: Locator) =>
    grid.getByRole('gridcell').evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
  return {
    picture: await queryGrid(page).getAttribute('aria-label'),
    query: await selected(queryGrid(page)),
    cell: await selected(matrix(page)),
    model: await page.locator('#model').getByRole('radio', { checked: true }).getAttribute('aria-label'),
    distortion: await cells(matrix(page)),
    teacher: await cells(pane(page, /^Teacher/)),
    difference: await cells(pane(page, /^Difference/)),
  };
}

/** Chooses a radio button or a checkbox whose input is hidden beneath its label, as the keyboard does. */
export async function choose(target: Locator): Promise<void> {
  await target.focus();
  await target.page().keyboard.press('Space');
}

/** Tabs until the focus is inside, as someone without a mouse would. */
export async function tabInto(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element.contains(document.activeElement))) return;
  }
  throw new Error('the focus never came there');
}

/** Pastes a file as the clipboard would bring it. */
export async function pasteFile(page: Page, bytes: Buffer, name: string, type: string): Promise<void> {
  await page.evaluate(
    ({ base64, name, type }) => {
      const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([data], name, { type }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    { base64: bytes.toString('base64'), name, type },
  );
}

/** Drags a file over an element and lets it go there. */
export async function dropFile(target: Locator, bytes: Buffer, name: string, type: string): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle(
    ({ base64, name, type }) => {
      const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([data], name, { type }));
      return transfer;
    },
    { base64: bytes.toString('base64'), name, type },
  );
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer });
}
