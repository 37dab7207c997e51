import { expect, test } from '@playwright/test';
import { overhang, violations } from './axe';
import { makePng } from './explore-helpers';
import { choose, expectNothingStale, matrix, openExplore, pasteFile, queryGrid } from './explore-page';
import { LAZY_PANELS, openTab } from './tabs-page';

test.describe.configure({ timeout: 180_000 });

/** axe finds nothing, in both colour schemes, at both widths, in every state that has elements of its own. */

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing in ${colorScheme} at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await openExplore(page);
      expect(await violations(page)).toEqual([]);

      await page.locator('#compare').getByRole('switch').click();
      await choose(page.locator('#attention').getByRole('radio', { name: 'per head' }));
      await page.locator('#model summary').click();
      await pasteFile(
        page,
        makePng(60, 40, (x) => 4 * x),
        'ramp.png',
        'image/png',
      );
      await expect(queryGrid(page)).toHaveAccessibleName(/ramp\.png/);
      await pasteFile(page, Buffer.from('not a picture'), 'broken.png', 'image/png');
      await expect(page.getByText(/broken\.png was not opened/)).toBeVisible();
      await expectNothingStale(page);
      await matrix(page)
        .getByRole('gridcell', { name: /^layer 2, head 2/ })
        .hover();
      await expect(page.getByText(/Mean over the/)).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test(`nothing scrolls sideways in ${colorScheme} at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await openExplore(page, '?compare=teacher.baseline.scaling.ranking.bi-vit');
      expect(await overhang(page)).toBeLessThanOrEqual(0);
    });
  }
}

/** Each width once and each scheme once: the tabs are many, and neither changes what the other is about. */
for (const [width, colorScheme] of [
  [390, 'light'],
  [1440, 'dark'],
] as const) {
  test(`axe finds nothing in any tab in ${colorScheme} at ${width} px, and nothing scrolls sideways`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openExplore(page);
    for (const panel of LAZY_PANELS) {
      await openTab(page, panel);
      expect.soft(await violations(page), panel).toEqual([]);
      expect.soft(await overhang(page), panel).toBeLessThanOrEqual(0);
    }
  });
}

test('the scheme can be switched and stays', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openExplore(page);
  await page.getByRole('button', { name: 'Switch to the dark colours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});
