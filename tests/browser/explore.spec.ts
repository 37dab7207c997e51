import { expect, test } from '@playwright/test';
import { makePng } from './explore-helpers';
import {
  choose,
  dropFile,
  matrix,
  openExplore,
  pane,
  pasteFile,
  queryGrid,
  status,
  switchOf,
  tabInto,
  waitUntilLive,
  whatIsShown,
} from './explore-page';

/** The Explore page in the built export, with the shipped models; no test depends on what they have learned. */

// Five models on a busy machine take a while, and most tests run them more than once.
test.describe.configure({ timeout: 180_000 });

test('a picture, a switch, a query and a matrix cell survive a reload', async ({ page }) => {
  await openExplore(page);
  await choose(page.locator('#input').getByRole('radio').nth(7));
  await expect(queryGrid(page)).toHaveAccessibleName(/Sneaker/);
  await switchOf(page, /scaling factor/).click();
  await queryGrid(page).getByRole('gridcell', { name: 'patch row 2, column 5' }).click();
  await matrix(page)
    .getByRole('gridcell', { name: /^layer 4, head 2/ })
    .click();
  await expect(page).toHaveURL(/layer=4/);
  await expect(page).toHaveURL(/head=2/);
  await waitUntilLive(page);
  const before = await whatIsShown(page);
  expect(before.query).toBe('patch row 2, column 5');
  expect(before.cell).toMatch(/^layer 4, head 2/);

  await page.reload();
  await waitUntilLive(page);
  await expect.poll(() => whatIsShown(page), { timeout: 30_000 }).toEqual(before);
});

test('the switches choose among the four students, and every panel follows', async ({ page }) => {
  await openExplore(page);
  const seen = new Set<string>();
  for (const [scaling, ranking, name] of [
    [true, true, 'Bi-ViT'],
    [true, false, '+ scaling'],
    [false, false, 'Baseline'],
    [false, true, '+ ranking'],
  ] as const) {
    await switchOf(page, /scaling factor/).setChecked(scaling, { force: true });
    await switchOf(page, /distillation/).setChecked(ranking, { force: true });
    await expect(page.locator('#model').getByRole('radio', { checked: true })).toHaveAccessibleName(
      new RegExp(`^${name.replace('+', '\\+')}:`),
    );
    await expect(page.locator('#distortion')).toContainText(`${name} against the teacher`);
    seen.add(JSON.stringify((await whatIsShown(page)).distortion));
  }
  expect(seen.size).toBe(4);
});

test('undo and redo go through the selection, with keys and with buttons', async ({ page }) => {
  await openExplore(page);
  const start = await whatIsShown(page);
  await queryGrid(page).getByRole('gridcell', { name: 'CLS' }).click();
  await switchOf(page, /distillation/).click();
  const end = await whatIsShown(page);
  expect(end.model).not.toBe(start.model);

  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(() => whatIsShown(page)).toEqual(start);
  await expect(page.getByRole('button', { name: /^Undo/ })).toBeDisabled();
  await page.keyboard.press('Control+Shift+z');
  await page.getByRole('button', { name: /^Redo/ }).click();
  await expect.poll(() => whatIsShown(page)).toEqual(end);
  await expect(page.getByRole('button', { name: /^Redo/ })).toBeDisabled();
});

test('Ctrl+Z in a text field belongs to the text', async ({ page }) => {
  await openExplore(page);
  await queryGrid(page).getByRole('gridcell', { name: 'CLS' }).click();
  await pasteFile(
    page,
    makePng(40, 30, (x) => 6 * x),
    'ramp.png',
    'image/png',
  );
  const field = page.getByRole('textbox', { name: 'left' });
  await expect(field).toBeVisible();
  const picture = await queryGrid(page).getAttribute('aria-label');
  await field.focus();
  await page.keyboard.press('Control+z');
  expect(await queryGrid(page).getAttribute('aria-label')).toBe(picture);
});

test('a pasted picture is run through the models and can be cropped, inverted and given contrast', async ({ page }) => {
  await openExplore(page);
  const sample = await whatIsShown(page);
  await pasteFile(
    page,
    makePng(60, 40, (x, y) => (x > 20 && x < 40 && y > 8 ? 250 : 5)),
    'tower.png',
    'image/png',
  );
  await expect(queryGrid(page)).toHaveAccessibleName(/tower\.png/);
  await expect(page).toHaveURL(/image=own-[0-9a-f]{16}/);
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(sample.teacher);
  await expect(page.locator('#predictions')).toContainText(/what the teacher sees/);

  const before = (await whatIsShown(page)).teacher;
  await choose(page.locator('#input').getByRole('radio', { name: 'invert', exact: true }));
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(before);
  const inverted = (await whatIsShown(page)).teacher;
  await page.getByRole('textbox', { name: 'left' }).fill('0');
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(inverted);
  const cropped = (await whatIsShown(page)).teacher;
  await page.getByRole('textbox', { name: /^Contrast/ }).fill('0.4');
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(cropped);
});

test('a dropped picture is taken', async ({ page }) => {
  await openExplore(page);
  await dropFile(
    page.locator('#input'),
    makePng(28, 28, (x, y) => (x === y ? 255 : 0)),
    'diagonal.png',
    'image/png',
  );
  await expect(queryGrid(page)).toHaveAccessibleName(/diagonal\.png/);
  await waitUntilLive(page);
});

test('a worker that dies is replaced, says so, and the page goes on working', async ({ page }) => {
  await openExplore(page);
  await page.workers()[0]?.evaluate(() => self.close());
  await expect(status(page)).toContainText(/ready, restarted once/, { timeout: 60_000 });
  const before = await whatIsShown(page);
  await choose(page.locator('#input').getByRole('radio').nth(5));
  await expect(queryGrid(page)).toHaveAccessibleName(/Sandal/);
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(before.teacher);
});

test('the keyboard alone reaches the query, moves it and asks CLS', async ({ page }) => {
  await openExplore(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: /^Skip/ })).toBeFocused();
  await tabInto(page, queryGrid(page));
  const grid = queryGrid(page);
  await expect(grid.locator('[aria-selected="true"]')).toHaveAccessibleName('patch row 5, column 5');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(grid.locator('[aria-selected="true"]')).toHaveAccessibleName('patch row 6, column 6');
  await expect(page.locator('#attention')).toContainText('query patch (6, 6)');
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowDown');
  await expect(grid.locator('[aria-selected="true"]')).toHaveAccessibleName(/CLS/);

  await tabInto(page, matrix(page));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.locator('#attention')).toContainText('layer 1, head 2');
});

test('a finger chooses the query', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    ...(baseURL ? { baseURL } : {}),
    hasTouch: true,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await openExplore(page);
  await queryGrid(page).getByRole('gridcell', { name: 'patch row 6, column 2' }).tap();
  await expect(page.locator('#attention')).toContainText('query patch (6, 2)');
  await context.close();
});

test('compare mode shows two to five models side by side and is in the address', async ({ page }) => {
  await openExplore(page);
  const compare = page.locator('#compare');
  await compare.getByRole('switch').click();
  await expect(compare.locator('section[data-model]')).toHaveCount(2);
  for (const name of ['Baseline', '+ scaling', '+ ranking']) await choose(compare.getByRole('checkbox', { name }));
  await expect(compare.locator('section[data-model]')).toHaveCount(5);
  // The address follows a moment after the page: browsers refuse a page that changes it all the time.
  await expect(page).toHaveURL(/compare=teacher\.baseline\.scaling\.ranking\.bi-vit/);
  await page.reload();
  await waitUntilLive(page);
  await expect(compare.locator('section[data-model]')).toHaveCount(5);
  for (const name of ['Teacher', 'Baseline', '+ scaling']) await choose(compare.getByRole('checkbox', { name }));
  await expect(compare.locator('section[data-model]')).toHaveCount(2);
  for (const box of await compare.getByRole('checkbox', { checked: true }).all()) await expect(box).toBeDisabled();
});

test('a number shows its formula with the values in it', async ({ page }) => {
  await openExplore(page);
  await page.locator('#row').getByRole('button').first().hover();
  const card = page.getByRole('dialog').or(page.getByRole('tooltip')).first();
  await expect(card).toContainText('Cosine similarity');
  await expect(card.locator('.katex').first()).toBeVisible();
  await page.mouse.move(0, 0);

  await matrix(page)
    .getByRole('gridcell', { name: /^layer 2, head 3/ })
    .hover();
  await expect(page.getByText(/Mean over the \d+ of 50 rows where it is defined/)).toBeVisible();
});

test('one scale for all panes is the rule, and leaving it is badged', async ({ page }) => {
  await openExplore(page);
  const attention = page.locator('#attention');
  await expect(attention).toContainText('the same in every pane, layer and head');
  await choose(attention.getByRole('radio', { name: 'per head' }));
  await expect(attention).toContainText('times each head’s own maximum');
  await expect(page).toHaveURL(/scale=per-head/);
});

test('the first picture is there before the models are, and nothing jumps when they come', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if ('value' in entry) shifts.push(Number(entry.value));
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // The models stay away until the prepared picture has been seen.
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*.safetensors', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('./');
  await expect(pane(page, /^Teacher/)).toBeVisible();
  await expect(status(page)).toContainText('prepared at build');
  const prepared = await whatIsShown(page);
  release();
  await waitUntilLive(page);
  const live = await whatIsShown(page);
  expect({ ...live, distortion: null }).toEqual({ ...prepared, distortion: null });
  const shifts = await page.evaluate(() => ('shifts' in window && Array.isArray(window.shifts) ? window.shifts : []));
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
});
