import { expect, test } from '@playwright/test';
import { FAKE_CAMERA } from './fake-camera';
import { choose } from './explore-page';
import { expectMoving, expectStill, live, openLive, pause } from './live-page';

/** The live view with a camera: Chromium's own, which shows a moving test picture. */

test.describe.configure({ timeout: 180_000 });

test.use(FAKE_CAMERA);

test('its picture goes through the model, and pausing switches it off', async ({ page }) => {
  await openLive(page);
  await choose(live(page).getByRole('radio', { name: 'camera' }));
  await expect(live(page).getByRole('img', { name: /^Live: the camera/ })).toBeVisible();
  await expectMoving(page);
  await pause(page).click();
  await expect(live(page).locator('video')).toHaveCount(0);
  await expectStill(page);
});
