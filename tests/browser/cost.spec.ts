import { expect, test, type Locator, type Page } from '@playwright/test';
import { openExplore } from './explore-page';
import { openTab } from './tabs-page';

/** The one thing in the tab of costs that is run: a measurement, when it is asked for. */

test.describe.configure({ timeout: 180_000 });

const measured = (page: Page): Locator =>
  page.locator('#cost-ratios').getByRole('heading', { name: 'Measured here' }).locator('xpath=..');

test('a measurement names what ran and its ratio; another shape has none until it is asked', async ({ page }) => {
  await openExplore(page);
  await openTab(page, 'cost');
  await expect(measured(page)).toContainText('not measured yet');
  await page.getByRole('button', { name: 'Fashion-MNIST' }).click();
  await measured(page).getByRole('button', { name: 'Measure here' }).click();
  await expect(measured(page)).toContainText(/\d\.\d×/, { timeout: 60_000 });
  await expect(measured(page)).toContainText('packed kernels');
  await page.getByRole('button', { name: 'DeiT-Tiny' }).click();
  await expect(measured(page)).toContainText('not measured yet');
  // What was measured is remembered.
  await page.getByRole('button', { name: 'Fashion-MNIST' }).click();
  await expect(measured(page)).toContainText(/\d\.\d×/);
});

test('a measurement can be stopped, and the models answer as before', async ({ page }) => {
  await openExplore(page);
  await openTab(page, 'cost');
  await measured(page).getByRole('button', { name: 'Measure here' }).click();
  await measured(page).getByRole('button', { name: 'Cancel: the measurement' }).click({ timeout: 60_000 });
  await expect(measured(page)).toContainText(/Stopped at \d+ of \d+\./);
  await openTab(page, 'precision');
});
