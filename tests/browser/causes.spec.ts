import { expect, test, type Page } from '@playwright/test';
import { makePng } from './explore-helpers';
import { choose, openExplore, pasteFile, queryGrid, switchOf, waitUntilLive } from './explore-page';
import { numbersOf, openTab, panelOf, PICTURE_PANELS, selectionBar, tabOf, waitUntilSettled } from './tabs-page';

/** The tabs of the two causes in the built export: each driven on two models and two pictures. */

test.describe.configure({ timeout: 240_000 });

function pageErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

/** What changes in a tab when the student, the place and the picture change; the dial is about the teacher alone. */
for (const panel of PICTURE_PANELS) {
  test(`${panel}: its numbers follow the switches, the place and the picture, and come back`, async ({ page }) => {
    const errors = pageErrors(page);
    await openExplore(page);
    await openTab(page, panel);
    await expect(page).toHaveURL(new RegExp(`panel=${panel}`));
    if (panel === 'binarizers') {
      // It opens on the teacher's row, which no switch changes.
      await choose(panelOf(page).getByRole('radiogroup', { name: 'Whose row' }).getByRole('radio', { name: 'Bi-ViT' }));
      await waitUntilSettled(page, panel);
    }
    const start = await numbersOf(page);
    expect(start.split(' ').length).toBeGreaterThan(10);
    const seen = [start];
    const look = async (): Promise<void> => {
      await waitUntilSettled(page, panel);
      await expect.poll(() => numbersOf(page), { timeout: 60_000 }).not.toBe(seen.at(-1));
      await waitUntilSettled(page, panel);
      seen.push(await numbersOf(page));
    };
    if (panel !== 'precision') {
      await switchOf(page, /scaling factor/).click();
      await switchOf(page, /distillation/).click();
      await look();
    }
    await choose(selectionBar(page).getByRole('radiogroup', { name: 'Layer' }).getByRole('radio', { name: '3' }));
    if (panel !== 'precision') await look();
    await choose(page.locator('#input').getByRole('radio').nth(4));
    await expect(queryGrid(page)).toHaveAccessibleName(/Coat/);
    await waitUntilLive(page);
    await look();
    expect(new Set(seen).size).toBe(seen.length);

    // All the way back: what was computed before comes back as it was.
    for (let step = panel === 'precision' ? 2 : 4; step > 0; step--) await page.keyboard.press('Control+z');
    await expect(tabOf(page, panel)).toHaveAttribute('aria-selected', 'true');
    await expect.poll(() => numbersOf(page), { timeout: 60_000 }).toBe(start);
    expect(errors).toEqual([]);
  });
}

test('the tabs are one stop of the Tab key, arrows choose, and a reload opens the same one', async ({ page }) => {
  await openExplore(page);
  await tabOf(page, 'Attention').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabOf(page, 'Gradient')).toBeFocused();
  await expect(tabOf(page, 'Gradient')).toHaveAttribute('aria-selected', 'true');
  await waitUntilSettled(page, 'gradient');
  await expect(tabOf(page, 'Gradient')).toBeFocused();
  await page.keyboard.press('End');
  await expect(tabOf(page, 'Live')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tabOf(page, 'Attention')).toBeFocused();
  await expect(page.locator('#attention')).toBeVisible();
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
  await expect(tabOf(page, 'Attribution')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(tabOf(page, 'Attribution')).not.toBeFocused();
  await expect(page.getByRole('tablist').locator(':focus')).toHaveCount(0);

  await expect(page).toHaveURL(/panel=attribution/);
  await page.reload();
  await waitUntilLive(page);
  await waitUntilSettled(page, 'attribution');
  await expect(page.locator('#attention')).toBeHidden();
});

test('a tab whose code does not come says so, and another attempt brings it', async ({ page }) => {
  await openExplore(page);
  await page.route('**/_next/static/chunks/**', (route) => route.abort());
  await tabOf(page, 'Ranking').click();
  await expect(panelOf(page).getByRole('alert')).toContainText('could not be loaded');
  await expect(selectionBar(page)).toBeVisible();
  await page.unroute('**/_next/static/chunks/**');
  await panelOf(page).getByRole('button', { name: 'Retry' }).click();
  await waitUntilSettled(page, 'ranking');
  await expect(page.locator('#ranking')).toBeVisible();
});

test('a picture of one’s own has no true class: the choice is closed and says why', async ({ page }) => {
  await openExplore(page, '?panel=gradient');
  await waitUntilSettled(page, 'gradient');
  const trueClass = selectionBar(page).getByRole('radio', { name: 'true class' });
  await expect(trueClass).toBeChecked();
  await pasteFile(
    page,
    makePng(60, 40, (x) => 4 * x),
    'ramp.png',
    'image/png',
  );
  await expect(queryGrid(page)).toHaveAccessibleName(/ramp\.png/);
  await expect(trueClass).toBeDisabled();
  await expect(selectionBar(page).getByRole('radio', { name: 'predicted class' })).toBeChecked();
  await expect(selectionBar(page)).toContainText('Nobody told the true class');
  await waitUntilLive(page);
  await waitUntilSettled(page, 'gradient');
});

test('a long measurement lets a picture through, and ends when its tab is left', async ({ page }) => {
  await openExplore(page, '?panel=binarizers');
  await waitUntilSettled(page, 'binarizers');
  const means = page.locator('#binarizer-means');
  await means.getByRole('button', { name: /^Measure on/ }).click();
  await expect(means.getByRole('progressbar')).toBeVisible();
  await choose(page.locator('#input').getByRole('radio').nth(4));
  await waitUntilLive(page); // the picture is explored while the measurement goes on
  await expect(means.getByRole('progressbar')).toBeVisible();
  await tabOf(page, 'Attention').click();
  await expect(page.locator('#attention')).toBeVisible();
  await tabOf(page, 'Binarizers').click();
  await waitUntilSettled(page, 'binarizers');
  await expect(means.getByRole('progressbar')).toHaveCount(0);
});
