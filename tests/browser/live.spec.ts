import { expect, test } from '@playwright/test';
import { choose, switchOf } from './explore-page';
import { drawing, expectMoving, expectStill, figure, live, openLive, path, pause, start } from './live-page';
import { openTab, panelOf } from './tabs-page';

/** The live view: pictures go through a model one after the other, until somebody pauses or leaves. */

test.describe.configure({ timeout: 180_000 });

test('the clip runs, with numbers, until it is paused; then it can be described', async ({ page }) => {
  await openLive(page);
  await expectMoving(page);
  await expect(figure(page, 'frame-ms')).toHaveText(/^\d+(\.\d+)?\sms$/);
  await expect.poll(async () => Number(await figure(page, 'fps').innerText())).toBeGreaterThan(1);
  await expect(page.locator('#live-stages').getByRole('img', { name: /queue and transfer/ })).toBeVisible();

  await pause(page).click();
  await expectStill(page);
  await expect(live(page).getByRole('status')).toHaveText(/^Paused\. Bi-ViT sees .* looks most at /);
  await page.locator('#live-stages').getByRole('button', { name: 'View as table' }).click();
  await expect(page.getByRole('row', { name: /^patch embedding/ })).toBeVisible();

  await start(page).click();
  await expect(live(page).getByRole('status')).toHaveText('Running.');
  await expectMoving(page);
});

test('a link to the tab starts it, too', async ({ page }) => {
  await page.goto('./?panel=live');
  await expect(figure(page, 'fps')).not.toHaveText('n/a', { timeout: 60_000 });
  await expectMoving(page);
});

test('what is chosen decides what runs: the switches, the teacher, the arithmetic', async ({ page }) => {
  await openLive(page);
  await expect(path(page)).toHaveAttribute('data-path', 'packed');
  await expect(path(page)).toContainText('packed 1-bit kernels');
  await switchOf(page, /Learnable scaling/).click();
  await expect(live(page).getByRole('img', { name: /of \+ ranking, binary/ })).toBeVisible();

  await choose(live(page).getByRole('radio', { name: 'float' }));
  await expect(path(page)).toHaveAttribute('data-path', 'float');
  await expect(path(page)).toContainText('Floats were requested.');
  await choose(live(page).getByRole('radio', { name: 'packed 1-bit' }));
  await expect(path(page)).toHaveAttribute('data-path', 'packed');

  await choose(live(page).getByRole('radio', { name: 'Teacher' }));
  await expect(path(page)).toHaveAttribute('data-path', 'float');
  await expect(path(page)).toContainText('not binary');
  await expect(live(page).getByRole('img', { name: /of Teacher, full precision/ })).toBeVisible();
});

test('nothing runs after the tab was left, and it runs again when it is back', async ({ page }) => {
  await openLive(page);
  await openTab(page, 'cost');
  await expect(live(page)).toHaveCount(0);
  await openTab(page, 'live');
  await expectMoving(page);
});

test('who wants less motion gets a still picture, which follows the selection', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLive(page);
  await expect(start(page)).toBeVisible();
  await expectStill(page);
  const before = await drawing(page);
  await choose(panelOf(page).getByRole('radiogroup', { name: 'Layer' }).getByRole('radio', { name: '4' }));
  await expect.poll(() => drawing(page)).not.toBe(before);
  await expectStill(page);
});

test('without a camera a sentence says so, and the clip goes on', async ({ page }) => {
  await openLive(page);
  await choose(live(page).getByRole('radio', { name: 'camera' }));
  await expect(live(page).getByRole('alert')).toHaveText(/camera.*The clip goes on instead\.$/);
  await expect(live(page).getByRole('radio', { name: 'clip' })).toBeChecked();
  await expectMoving(page);
});
