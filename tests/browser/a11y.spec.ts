import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { makePng } from './explore-helpers';
import { choose, matrix, openExplore, pasteFile, queryGrid } from './explore-page';

test.describe.configure({ timeout: 180_000 });

/** axe finds nothing, in both colour schemes, at both widths, in every state that has elements of its own. */

async function violations(page: Page): Promise<readonly string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

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
      const [content, view] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(view ?? 0);
    });
  }
}

test('the scheme can be switched and stays', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openExplore(page);
  await page.getByRole('button', { name: 'Switch to the dark colours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});
