import { expect, test, type Page } from '@playwright/test';
import { makeFamilyCheckpoint, makePng, makeSafetensors, pngPromising } from './explore-helpers';
import {
  choose,
  dropFile,
  openExplore,
  pasteFile,
  queryGrid,
  status,
  waitUntilLive,
  whatIsShown,
} from './explore-page';

/** Whatever is brought, a sentence says what is wrong with it, and the page works as before. */

test.describe.configure({ timeout: 180_000 });

const NOTICES = '[role="alert"], [role="status"]';

async function bringCheckpoint(page: Page, name: string, bytes: Buffer): Promise<void> {
  const door = page.locator('#model details');
  if (!(await door.evaluate((element) => element.hasAttribute('open')))) await door.locator('summary').click();
  await page
    .locator('#model input[type="file"]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
}

/** The page answers: another sample is run, and its numbers differ. */
async function stillWorks(page: Page): Promise<void> {
  const before = await whatIsShown(page);
  await choose(page.locator('#input').getByRole('radio').nth(3));
  await expect(queryGrid(page)).toHaveAccessibleName(/Dress/);
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).teacher).not.toEqual(before.teacher);
}

const good = makeFamilyCheckpoint();
const goodBytes = makeSafetensors(good.tensors, good.metadata);
const wrongShapes = {
  ...good.tensors,
  'blocks.1.attn.qkv.weight': { shape: [100, 64], values: new Float32Array(6400) },
};

const BROKEN: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a text file', Buffer.from('These are the weights. They are very good weights.\n'.repeat(20))],
  ['a truncated file', goodBytes.subarray(0, goodBytes.length - 5000)],
  ['an empty file', Buffer.alloc(0)],
  [
    'a header that promises more than there is',
    Buffer.concat([Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]), Buffer.alloc(64)]),
  ],
  ['wrong shapes', makeSafetensors(wrongShapes, good.metadata)],
  [
    'missing tensors',
    makeSafetensors({ cls_token: { shape: [1, 1, 64], values: new Float32Array(64) } }, good.metadata),
  ],
];

test.describe('a broken checkpoint', () => {
  for (const [what, bytes] of BROKEN) {
    test(`${what} is refused in a sentence`, async ({ page }) => {
      await openExplore(page);
      const before = await whatIsShown(page);
      await bringCheckpoint(page, 'mine.safetensors', bytes);
      await expect(
        page.locator(NOTICES).filter({ hasText: /mine\.safetensors was not loaded\. [A-Z].{15,}\./ }),
      ).toBeVisible();
      expect(await whatIsShown(page)).toEqual(before);
      await stillWorks(page);
    });
  }

  test('NaN weights are refused, or shown as undefined: no number is made up', async ({ page }) => {
    const spoilt = makeFamilyCheckpoint({ fill: () => Number.NaN });
    await openExplore(page);
    await bringCheckpoint(page, 'nan.safetensors', makeSafetensors(spoilt.tensors, spoilt.metadata));
    await expect(page.locator(NOTICES).filter({ hasText: /nan\.safetensors/ })).toBeVisible();
    await expect(status(page).getByRole('status')).toHaveText(/^ready/);
    await stillWorks(page);
  });
});

test('a good checkpoint takes the place of a model and says which keys it used', async ({ page }) => {
  await openExplore(page);
  const before = await whatIsShown(page);
  await page.locator('#model summary').click();
  await page.getByRole('combobox', { name: 'In the place of' }).selectOption('Teacher');
  await bringCheckpoint(page, 'mine.safetensors', goodBytes);
  const result = page.locator('#model').getByRole('status').filter({ hasText: 'mine.safetensors' });
  await expect(result).toContainText(/stands in for Teacher/);
  await expect(result).toContainText(`${Object.keys(good.tensors).length} keys used`);
  await waitUntilLive(page);
  await expect.poll(async () => (await whatIsShown(page)).difference).not.toEqual(before.difference);
  await page.reload();
  await waitUntilLive(page);
  expect((await whatIsShown(page)).difference).toEqual(before.difference);
});

const picture = makePng(200, 200, (x, y) => (x * y) % 256);
const BROKEN_PICTURES: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a text file called .png', Buffer.from('I am a picture, honestly.\n')],
  ['a truncated picture', picture.subarray(0, 60)],
  ['an empty file', Buffer.alloc(0)],
  ['a header of 100 megapixels without the data', pngPromising(10_000, 10_000)],
  ['a header of four gigapixels', pngPromising(65_000, 65_000)],
];

test.describe('a broken picture', () => {
  for (const [what, bytes] of BROKEN_PICTURES) {
    test(`${what} is refused in a sentence`, async ({ page }) => {
      await openExplore(page);
      const before = await whatIsShown(page);
      await dropFile(page.locator('#input'), bytes, 'broken.png', 'image/png');
      await expect(
        page.locator(NOTICES).filter({ hasText: /broken\.png was not opened\. [A-Z].{15,}\./ }),
      ).toBeVisible();
      expect(await whatIsShown(page)).toEqual(before);
      await stillWorks(page);
    });
  }

  test('a pasted one is refused as well', async ({ page }) => {
    await openExplore(page);
    await pasteFile(page, Buffer.from('not a picture'), 'pasted.png', 'image/png');
    await expect(page.locator(NOTICES).filter({ hasText: /pasted\.png was not opened/ })).toBeVisible();
    await stillWorks(page);
  });
});

test('an address that may not be read says so', async ({ page }) => {
  await page.route('https://pictures.example/**', (route) => route.abort('failed'));
  await openExplore(page);
  await page
    .locator('#input')
    .getByRole('button', { name: /URL|address/i })
    .click();
  await page.getByRole('textbox', { name: /address|URL/i }).fill('https://pictures.example/shoe.jpg');
  await page.keyboard.press('Enter');
  await expect(page.locator(NOTICES).filter({ hasText: /shoe\.jpg was not opened/ })).toBeVisible();
  await stillWorks(page);
});

test('an address full of nonsense falls back to the defaults, each by itself', async ({ page }) => {
  await openExplore(
    page,
    '?query=9999&layer=2&head=-3&metric=evil&image=own-zzz&compare=teacher.teacher&scaling=maybe',
  );
  await expect(page.locator('#attention')).toContainText('layer 2, head 3, query patch (5, 5)');
});
