import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { parsePhotoList } from '@/scripts/photo-list';
import { violations, overhang } from './axe';
import { makePng } from './explore-helpers';
import { choose, dropFile } from './explore-page';
import { LAZY_PANELS, openTab, panelOf } from './tabs-page';
import {
  askFor,
  BASE,
  cardOf,
  exploreRepo,
  fetchRepo,
  golden,
  goldenBytes,
  openModels,
  setFaults,
  waitUntilOpen,
} from './models-page';

/** Those that differ most: windows, layers with heads of their own number, no rollout. */
const PANELS_OF_A_SWIN = ['gradient', 'ranking', 'attribution'] as const;

test.afterEach(({ request }) => setFaults(request, {}));

test.describe('the hub', () => {
  test('says how large a model is before it is fetched, and nothing is asked of it before that', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(BASE)) asked.push(request.url());
    });
    await openModels(page);
    await expect(cardOf(page, 'DeiT-Tiny')).toContainText('5,717,416 counted');
    expect(asked).toEqual([]);
    const card = await askFor(page, 'lens/deit_micro');
    await expect(card).toContainText('133 kB as the hub says');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((url) => url.includes('/repos/'))).toEqual([]);
  });

  test('gives a model that stays over a reload, is explored, and can be removed', async ({ page }) => {
    await openModels(page);
    await fetchRepo(page, 'lens/deit_micro');
    await page.reload();
    await expect(page.locator('#kept')).toContainText('1 model');
    await expect(page.locator('#kept')).toContainText('133 kB, from lens/deit_micro');
    await page.locator('#kept').getByRole('button', { name: 'Look inside deit_micro' }).click();
    await expect(page.getByRole('region', { name: 'What deit_micro holds' })).toContainText('0 missing');
    await page.locator('#kept').getByRole('button', { name: 'Remove deit_micro' }).click();
    await expect(page.locator('#kept')).toContainText('Nothing yet');
  });

  test('can be stopped in the middle, and goes on from there', async ({ page, request }) => {
    await openModels(page);
    const card = await askFor(page, 'lens/swin_micro');
    await setFaults(request, { bytesPerSecond: 100_000 });
    await card.getByRole('button', { name: /^Fetch .*: lens.swin_micro$/ }).click();
    await expect(card).toContainText(/arrived\s*\d+.kB of 328.kB/);
    await card.getByRole('button', { name: 'Cancel' }).click();
    const resume = card.getByRole('button', { name: 'Resume lens/swin_micro' });
    await expect(resume).toHaveText(/Resume \(\d+.kB of 328.kB are here\)/);
    await resume.click();
    await expect(card).toContainText('downloading, from where it stopped');
    await setFaults(request, {});
    await expect(card).toContainText('Kept in this browser');
    await expect(card).toContainText('its SHA-256 is the hub’s');
  });

  test('goes on by itself after a dropped connection', async ({ page, request }) => {
    await openModels(page);
    await setFaults(request, { dropAfterBytes: 100_000, drops: 2 });
    await fetchRepo(page, 'lens/swin_micro');
  });

  test('says what is wrong when what arrives is not what it described, and the page goes on', async ({
    page,
    request,
  }) => {
    await openModels(page);
    await setFaults(request, { wrongHash: true });
    const card = await askFor(page, 'lens/deit_micro');
    await card.getByRole('button', { name: /^Fetch .*: lens.deit_micro$/ }).click();
    await expect(card.getByRole('alert')).toContainText('its SHA-256 differs. It was deleted');
    await expect(page.locator('#kept')).toContainText('Nothing yet');
    await expect((await askFor(page, 'lens/not-there')).getByRole('alert')).toContainText('has no public repository');
    await setFaults(request, { status: 503 });
    await cardOf(page, 'Swin-Tiny').getByRole('button', { name: /^Ask/ }).click();
    await expect(cardOf(page, 'Swin-Tiny').getByRole('alert')).toContainText('has a problem');
    await page.getByLabel(/Another repository/).fill('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Ask for it', exact: true }).click();
    await expect(page.getByText('That is no name of a repository.')).toBeVisible();
    await setFaults(request, {});
    await fetchRepo(page, 'lens/swin_micro');
  });
});

test.describe('a file of one’s own', () => {
  for (const name of ['official_bi_deit_micro', 'official_bi_swin_micro', 'deit_micro', 'swin_micro']) {
    test(`${name}.pth gives the logits that PyTorch gave`, async ({ page }) => {
      await openModels(page);
      await page
        .getByLabel('Checkpoint files')
        .setInputFiles([golden(`${name}.pth`), golden(`${name}.golden.safetensors`)]);
      if (name === 'deit_micro') {
        // Full precision, and 32 channels are no multiple of 64: its shapes do not tell the heads.
        await page.getByLabel('Heads of each layer').fill('2');
        await page.getByRole('button', { name: 'Set' }).click();
      }
      const compared = page.getByRole('region', { name: `${name}.pth against PyTorch` });
      await expect(compared.getByRole('status')).toContainText('The logits match', { timeout: 60_000 });
      await expect(compared.getByRole('row')).not.toHaveCount(0);
      const held = page.getByRole('region', { name: `What ${name}.pth holds` });
      await expect(held).toContainText('0 missing');
      if (name.startsWith('official')) {
        await held.getByText(/^Ignored: \d+/).click();
        await expect(held.getByRole('list', { name: 'Ignored keys' })).toContainText('bias');
      }
    });
  }

  test('is taken where it is dropped on the page, kept, and explored', async ({ page }) => {
    await openModels(page);
    await dropFile(page.locator('main'), goldenBytes('official_bi_deit_micro.pth'), 'mine.pth', '');
    await expect(page.getByRole('region', { name: 'What mine.pth holds' })).toContainText('trained binarized');
    await page.getByRole('link', { name: 'Explore mine.pth' }).first().click();
    await expect(page.locator('#model')).toContainText('trained binarized', { timeout: 60_000 });
    await expect(page.locator('#model')).toContainText('came without its teacher');
  });

  test('that is rubbish is refused with a sentence, its name shown as text, and nothing is lost', async ({ page }) => {
    await openModels(page);
    await fetchRepo(page, 'lens/deit_micro');
    const half = goldenBytes('deit_micro.pth').subarray(0, 50_000);
    for (const [name, bytes] of [
      ['<b>text</b>.pth', Buffer.from('not a checkpoint')],
      ['half.pth', half],
      ['empty.safetensors', Buffer.alloc(0)],
    ] as const) {
      await dropFile(page.locator('main'), bytes, name, '');
      await expect(page.getByRole('alert').filter({ hasText: `${name} was not taken` })).toBeVisible();
    }
    expect(await page.locator('b').count()).toBe(0);
    await expect(page.locator('#kept')).toContainText('1 model');
    await page.getByLabel('Checkpoint files').setInputFiles(golden('swin_micro.safetensors'));
    await expect(page.locator('#kept')).toContainText('2 models');
  });
});

test('a page address of a model that is not here says where to fetch it, and the family stays', async ({ page }) => {
  await page.goto(`${BASE}?backbone=timm%2Fnever_fetched`);
  await expect(page.getByText('has to be fetched first')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('#model').getByRole('radio')).toHaveCount(4);
});

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing in ${colorScheme} at ${width} px, on the Models page and with models of one’s own`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await openModels(page);
      expect.soft(await violations(page), 'empty').toEqual([]);
      await page
        .getByLabel('Checkpoint files')
        .setInputFiles([golden('official_bi_swin_micro.pth'), golden('official_bi_swin_micro.golden.safetensors')]);
      await expect(page.getByText('The logits match')).toBeVisible({ timeout: 60_000 });
      await page.getByText(/^Ignored: \d+/).click();
      await (await askFor(page, 'lens/not-there')).getByRole('alert').waitFor();
      await dropFile(page.locator('main'), Buffer.from('no'), 'broken.pth', '');
      await expect(page.getByText(/broken\.pth was not taken/)).toBeVisible();
      expect.soft(await violations(page), 'full').toEqual([]);
      expect.soft(await overhang(page), 'models').toBeLessThanOrEqual(0);
    });
  }
}

for (const [width, colorScheme] of [
  [390, 'light'],
  [1440, 'dark'],
] as const) {
  test(`axe finds nothing with a Swin of one’s own in ${colorScheme} at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await exploreRepo(page, 'lens/swin_micro');
    expect.soft(await violations(page), 'Attention').toEqual([]);
    expect.soft(await overhang(page), 'Attention').toBeLessThanOrEqual(0);
    for (const panel of PANELS_OF_A_SWIN) {
      await openTab(page, panel);
      expect.soft(await violations(page), panel).toEqual([]);
      expect.soft(await overhang(page), panel).toBeLessThanOrEqual(0);
    }
  });
}

/** Every cell of the distortion matrix, as it is spoken. */
const cells = async (page: Page): Promise<readonly number[]> => {
  const grid = page.locator('#distortion').getByRole('grid').first();
  const labels = await grid
    .getByRole('gridcell')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
  return labels.map((label) => Number(/: (\d+\.\d+)/.exec(label ?? '')?.[1] ?? NaN));
};

const DEIT_TINY_FILE = resolve('../shared/weights/deit_tiny_patch16_224.safetensors');
const PHOTOGRAPHS = resolve('../shared/photos');

for (const { repo, heads, isHere } of [
  { repo: 'lens/deit_micro', heads: 4, isHere: true },
  { repo: 'lens/swin_micro', heads: 12, isHere: true },
  { repo: 'timm/deit_tiny_patch16_224.fb_in1k', heads: 36, isHere: existsSync(DEIT_TINY_FILE) },
]) {
  test(`${repo} is fetched, shown a picture, its attention binarized, and the matrix lights up`, async ({ page }) => {
    test.skip(!isHere, 'its weights are not on this machine');
    await exploreRepo(page, repo);
    const model = page.locator('#model');
    await expect(model.getByRole('switch', { name: /Ranking-aware/ })).toBeDisabled();
    await expect(model).toContainText('it takes training');

    await dropFile(
      page.locator('main'),
      makePng(300, 200, (x, y) => (x * y) % 251),
      'mine.png',
      'image/png',
    );
    await expect(page.getByRole('grid', { name: /^Query, on mine\.png/ })).toBeVisible();
    for (const part of ['q, k, v', 'attention']) await choose(model.getByRole('switch', { name: part, exact: true }));
    await expect(model).toContainText('Nothing is binarized.');
    await expect.poll(() => cells(page), { timeout: 60_000 }).toEqual(Array.from({ length: heads }, () => 0));

    await choose(model.getByRole('switch', { name: 'attention', exact: true }));
    await expect(model).toContainText(
      'Binarized after training, in every layer: the attention by elastic binarization',
    );
    // In a small model of random weights binary attention alone changes less than is shown.
    if (repo.startsWith('lens/')) await choose(model.getByRole('switch', { name: 'q, k, v', exact: true }));
    await expect
      .poll(async () => (await cells(page)).filter((value) => value > 0).length, { timeout: 60_000 })
      .toBeGreaterThan(heads / 2);

    // Only the last layer: what comes before sees what the teacher sees.
    await model.getByLabel('From layer').fill(String(heads === 36 ? 12 : heads === 12 ? 4 : 2));
    await model.getByLabel('From layer').press('Enter');
    await expect.poll(async () => (await cells(page)).slice(0, 2), { timeout: 60_000 }).toEqual([0, 0]);
  });
}

test('DeiT-Tiny from a file goes through every tab', async ({ page }) => {
  test.skip(!existsSync(DEIT_TINY_FILE), 'its weights are not on this machine');
  test.setTimeout(300_000);
  await openModels(page);
  await page.getByLabel('Checkpoint files').setInputFiles(DEIT_TINY_FILE);
  await page
    .getByRole('link', { name: /^Explore deit_tiny/ })
    .first()
    .click({ timeout: 60_000 });
  await waitUntilOpen(page);
  await expect(page.locator('#model')).toContainText('12 layers, 1,000 classes');
  expect(await cells(page)).toHaveLength(36);
  for (const panel of LAZY_PANELS) {
    await openTab(page, panel);
    expect.soft(await overhang(page), panel).toBeLessThanOrEqual(0);
  }
  // Without labels the curve is of agreement with the full-precision model, and says so.
  await openTab(page, 'precision');
  await expect(panelOf(page)).toContainText('agree');
});

test.describe('photographs', () => {
  test.skip(!existsSync(PHOTOGRAPHS) || !existsSync(DEIT_TINY_FILE), 'the 72 photographs are not on this machine');

  /** `LENS_PHOTOS=all`: every one, which takes two minutes; without it every ninth. */
  const isAll = process.env.LENS_PHOTOS === 'all';

  test(`are recognized as PyTorch recognizes them, ${isAll ? 'all' : 'every ninth'} of 72`, async ({ page }) => {
    test.setTimeout(600_000);
    // The reference was made with a resize to 256 pixels; the repository itself asks for 248.
    await page.route('**/config.json', async (route) => {
      const response = await route.fetch();
      const config = (await response.json()) as { pretrained_cfg: object };
      await route.fulfill({
        response,
        json: { ...config, pretrained_cfg: { ...config.pretrained_cfg, crop_pct: 0.875 } },
      });
    });
    await exploreRepo(page, 'timm/deit_tiny_patch16_224.fb_in1k');
    const labels = (await (await page.request.get(`${BASE}labels/imagenet-1k.json`)).json()) as readonly string[];
    const all = parsePhotoList(readFileSync(resolve(PHOTOGRAPHS, 'photos.csv'), 'utf8'));
    const photos = isAll ? all : all.filter((_, i) => i % 9 === 0);
    let right = 0;
    for (const { file, classIndex, top5 } of photos) {
      await page.getByLabel('Picture file').setInputFiles(resolve(PHOTOGRAPHS, file));
      await expect(page.getByRole('grid', { name: new RegExp(`^Query, on ${file}`) })).toBeVisible();
      const teacher = page.locator('#predictions').getByRole('listitem').first();
      await expect(teacher, file).toContainText(labels[top5[0] ?? -1] ?? 'no such class', { timeout: 30_000 });
      if (top5[0] === classIndex) right++;
    }
    expect(all).toHaveLength(72);
    if (isAll) expect(right).toBe(59);
  });
});
