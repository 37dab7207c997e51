import { mkdirSync } from 'node:fs';
import { browseExport } from '@/scripts/browse-export';

/** `npm run picture` takes the README's picture of Explore from the built export, once the live models have answered. */
const PICTURE = '.github/explore.png';

await browseExport('out', async ({ browser, url }) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1280 }, colorScheme: 'light' });
  await page.goto(url);
  await page.getByText('computed here').waitFor({ timeout: 60_000 });
  await page.waitForLoadState('networkidle');
  mkdirSync('.github', { recursive: true });
  await page.screenshot({ path: PICTURE });
  console.log(PICTURE);
});
