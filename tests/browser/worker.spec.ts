import { expect, test, type Page, type Route } from '@playwright/test';
import { choose, pane, queryGrid, status } from './explore-page';

/** A worker that cannot start: the page says so in a sentence, and the prepared picture stays there to be explored. */

test.describe.configure({ timeout: 90_000 });

/** The worker's scripts in the order in which they are evaluated; the bundler's own stub, which loads the others, is first. */
async function workerScripts(page: Page): Promise<readonly string[]> {
  const [worker] = await Promise.all([page.waitForEvent('worker'), page.goto('.')]);
  const { pathname, hash, searchParams } = new URL(worker.url());
  const parameters: unknown = JSON.parse(
    searchParams.get('params') ?? decodeURIComponent(hash.slice('#params='.length)),
  );
  const chunks: unknown = Array.isArray(parameters) ? parameters[0] : [];
  const names = Array.isArray(chunks) ? chunks.map((chunk) => new URL(String(chunk), worker.url()).pathname) : [];
  const [runtime, ...reversed] = names;
  return [pathname, ...reversed.reverse(), ...(runtime === undefined ? [] : [runtime])];
}

async function saysSoAndStaysUsable(page: Page): Promise<void> {
  await expect(page.getByRole('alert').filter({ hasText: /The models stopped\. [A-Z].{20,}\./ })).toBeVisible({
    timeout: 30_000,
  });
  await expect(status(page).getByRole('status')).toHaveText('stopped');
  await expect(status(page)).toContainText('prepared at build');
  // Another query is other numbers.
  const teacher = (): Promise<readonly (string | null)[]> =>
    pane(page, /^Teacher/)
      .getByRole('gridcell')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')));
  const before = await teacher();
  await queryGrid(page).getByRole('gridcell').nth(30).click();
  await expect.poll(teacher).not.toEqual(before);
}

const BREAKAGES: readonly (readonly [what: string, answer: (route: Route) => Promise<void>])[] = [
  ['is not there', (route) => route.fulfill({ status: 404, body: 'not found' })],
  ['does not arrive', (route) => route.abort()],
  [
    'throws while it is evaluated',
    (route) => route.fulfill({ contentType: 'text/javascript', body: "throw new Error('broken')" }),
  ],
];

for (const [what, answer] of BREAKAGES) {
  test(`the worker’s first script ${what}`, async ({ page }) => {
    await page.route(/turbopack-worker/, answer);
    await page.goto('.');
    await saysSoAndStaysUsable(page);
  });

  test(`one of the worker’s own scripts ${what}`, async ({ page, context }) => {
    const scripts = await workerScripts(page);
    await page.close();
    const second = await context.newPage();
    const requested = new Set(scripts.slice(1));
    expect(requested.size).toBeGreaterThan(1);
    // The page may share some of them: what it has loaded itself is not what fails.
    const shared = new Set<string>();
    let isBroken = 0;
    second.on('worker', () => (isBroken += 1));
    await second.route(
      (url) => requested.has(url.pathname),
      (route) => {
        if (isBroken > 0) return answer(route);
        shared.add(route.request().url());
        return route.continue();
      },
    );
    await second.goto('.');
    await saysSoAndStaysUsable(second);
  });
}

test('the worker’s script never comes: after a minute the page says so', async ({ page }) => {
  await page.clock.install();
  await page.route(/turbopack-worker/, () => new Promise(() => {}));
  await page.goto('.');
  await expect(status(page)).toContainText('prepared at build');
  await page.clock.fastForward(61_000);
  await saysSoAndStaysUsable(page);
});

test('after it was given up, Restart starts it once its script is there', async ({ page }) => {
  let isBroken = true;
  await page.route(/turbopack-worker/, (route) => (isBroken ? route.fulfill({ status: 404 }) : route.continue()));
  await page.goto('.');
  await saysSoAndStaysUsable(page);
  isBroken = false;
  await choose(status(page).getByRole('button', { name: 'Restart' }));
  await expect(status(page)).toContainText('computed here', { timeout: 60_000 });
});
