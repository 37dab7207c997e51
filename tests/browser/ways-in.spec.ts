import { expect, test } from '@playwright/test';
import { FAKE_CAMERA } from './fake-camera';
import { makePng } from './explore-helpers';
import { openExplore, queryGrid, waitUntilLive, whatIsShown } from './explore-page';

/** The ways in for a picture that need something outside the page: a camera, another site. */

test.describe.configure({ timeout: 180_000 });

test.use(FAKE_CAMERA);

test('a camera gives a picture that the models look at', async ({ page }) => {
  await openExplore(page);
  const before = await whatIsShown(page);
  await page.locator('#input').getByRole('button', { name: 'Camera' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /take/i }).click();
  await expect(queryGrid(page)).toHaveAccessibleName(/Camera picture/);
  await expect(dialog).toBeHidden();
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(before.teacher);
});

test('an address of a site that allows it gives its picture', async ({ page }) => {
  await page.route('https://pictures.example/**', (route) =>
    route.fulfill({
      body: makePng(40, 40, (x, y) => (x > y ? 220 : 10)),
      contentType: 'image/png',
      headers: { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' },
    }),
  );
  await openExplore(page);
  const before = await whatIsShown(page);
  await page
    .locator('#input')
    .getByRole('button', { name: /URL|address/i })
    .click();
  await page.getByRole('textbox', { name: /address|URL/i }).fill('https://pictures.example/corner.png');
  await page.keyboard.press('Enter');
  await expect(queryGrid(page)).toHaveAccessibleName(/corner\.png/);
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(before.teacher);
});
