import { expect, test, type Locator, type Page } from '@playwright/test';
import { choose, openExplore, queryGrid, status, waitUntilLive } from './explore-page';

/** Other backends than the default, chosen as a visitor chooses them: they run, or the page says why not and runs on wasm. */

test.describe.configure({ timeout: 180_000 });

test.use({
  launchOptions: {
    executablePath: process.env.LENS_BROWSER ?? '',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      // A machine without a graphics card computes in software, slowly but rightly.
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  },
});

const NAMES = { wasm: 'wasm SIMD', webgl: 'WebGL', webgpu: 'WebGPU' } as const;

const backendShown = (page: Page): Locator =>
  status(page)
    .getByRole('definition')
    .filter({ hasText: /^(wasm SIMD|WebGL|WebGPU|cpu)$/ });

/** What all five make of a picture that only this backend has seen: the verdict, and the first five classes in percent. */
async function predictionsOn(page: Page, backend: keyof typeof NAMES): Promise<readonly string[]> {
  await openExplore(page);
  await expect(backendShown(page)).toHaveText(NAMES.wasm);
  if (backend !== 'wasm') {
    await status(page).getByLabel('Backend').selectOption(backend);
    await expect(status(page)).toContainText(/(webgl|webgpu) was chosen|instead\./, {
      timeout: 60_000,
    });
  }
  await choose(page.locator('#input').getByRole('radio').nth(7));
  await expect(queryGrid(page)).toHaveAccessibleName(/Sneaker/);
  await expect(page.locator('#predictions')).toContainText('Sneaker (true class)');
  await waitUntilLive(page);
  return page.locator('#predictions li').allInnerTexts();
}

test('every backend predicts what wasm predicts, or says that it gave way to wasm', async ({ page }) => {
  const onWasm = await predictionsOn(page, 'wasm');
  expect(onWasm).toHaveLength(5 * 6); // each model's verdict, and its first five classes
  for (const backend of ['webgl', 'webgpu'] as const) {
    const predictions = await predictionsOn(page, backend);
    const reason = await status(page)
      .getByText(/was chosen\.|instead\./)
      .innerText();
    test.info().annotations.push({ type: backend, description: `${reason} ${JSON.stringify(predictions)}` });
    const shown = reason.includes('instead') ? 'wasm' : backend;
    await expect(backendShown(page)).toHaveText(NAMES[shown]);
    expect(predictions, backend).toEqual(onWasm);
  }
});
