import { expect, test, type Page } from '@playwright/test';

/** Collects what must not happen on a page: console errors, uncaught errors, failed requests, violations of the policy. */
async function watch(page: Page): Promise<readonly string[]> {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => troubles.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return troubles;
}

test('the page loads without an error, a failed request or a policy violation', async ({ page }) => {
  const troubles = await watch(page);
  await page.goto('.');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(troubles).toEqual([]);
});

test('the page sends no request to another host', async ({ page, baseURL }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto('.');
  await page.waitForLoadState('networkidle');
  hosts.delete('');
  expect([...hosts]).toEqual([new URL(baseURL ?? '').host]);
});

test('the server isolates the page and sends its policy and cache rules', async ({ page, request }) => {
  const response = await page.goto('.');
  const headers = response?.headers() ?? {};
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
  expect(headers['cache-control']).toBe('no-cache');
  expect(headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval' 'sha256-");
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);

  const script = await page.locator('script[src*="/_next/static/"]').first().getAttribute('src');
  const asset = await request.get(script ?? '');
  expect(asset.headers()['cache-control']).toBe('public, max-age=31536000, immutable');

  const wasm = await request.get('tfjs/tfjs-backend-wasm-simd.wasm');
  expect(wasm.status()).toBe(200);
  expect(wasm.headers()['content-type']).toBe('application/wasm');
});

test('the policy stops an inline script that the build has not seen', async ({ page }) => {
  for (const address of ['.', process.env.LENS_BARE_URL ?? '']) {
    await page.goto(address);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true;';
      document.head.append(script);
      return 'intruder' in window;
    });
    expect(ran, address).toBe(false);
  }
});

test('an unknown address answers 404 with a page', async ({ page }) => {
  const response = await page.goto('no/such/page');
  expect(response?.status()).toBe(404);
  await expect(page.getByText('404')).toBeVisible();
});

test('the export works under a sub-path on a host that sends no headers', async ({ page }) => {
  const troubles = await watch(page);
  const response = await page.goto(process.env.LENS_BARE_URL ?? '');
  expect(response?.headers()).not.toHaveProperty('content-security-policy');
  expect(response?.headers()).not.toHaveProperty('cross-origin-opener-policy');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false);
  expect(troubles).toEqual([]);
});
