import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import type { Faults } from '@/scripts/hub/hub-server';
import { TEST_HUB_URL } from '@/scripts/hub/test-hub';

/** The Models page as a visitor uses it, on the export whose hub is one on this machine. */

export const BASE = process.env.LENS_BARE_URL ?? '';
export const golden = (file: string): string => resolve('tests/golden', file);
export const goldenBytes = (file: string): Buffer => readFileSync(golden(file));

export const cardOf = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });

export async function setFaults(request: APIRequestContext, faults: Faults): Promise<void> {
  await request.post(`${TEST_HUB_URL}/__faults`, { data: faults });
}

export async function openModels(page: Page): Promise<void> {
  await page.goto(`${BASE}models/`);
  await expect(page.locator('#kept')).toContainText(/\d+ models?/);
}

/** Types a repository's name and waits for what the hub says. */
export async function askFor(page: Page, repo: string): Promise<Locator> {
  await page.getByLabel(/Another repository/).fill(repo);
  await page.getByRole('button', { name: 'Ask for it', exact: true }).click();
  return page.getByRole('article').filter({ has: page.getByRole('link', { name: repo, exact: true }) });
}

export async function fetchRepo(page: Page, repo: string): Promise<Locator> {
  const card = await askFor(page, repo);
  await card.getByRole('button', { name: /^Fetch / }).click();
  await expect(card).toContainText('Kept in this browser', { timeout: 60_000 });
  return card;
}

/** Fetches it and opens it in the panels. */
export async function exploreRepo(page: Page, repo: string): Promise<void> {
  await openModels(page);
  const card = await fetchRepo(page, repo);
  await card.getByRole('link', { name: /^Explore / }).click();
  await waitUntilOpen(page);
}

export async function waitUntilOpen(page: Page): Promise<void> {
  await expect(page.locator('#model')).toContainText('parameters', { timeout: 60_000 });
  await expect(page.locator('#status').getByRole('status')).toHaveText(/^ready/, { timeout: 60_000 });
  await expect(page.locator('#distortion [data-pending="true"]')).toHaveCount(0, { timeout: 60_000 });
}
