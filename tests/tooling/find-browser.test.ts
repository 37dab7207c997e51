import { afterEach, describe, expect, it, vi } from 'vitest';
import { findBrowser } from '@/scripts/find-browser';

afterEach(() => vi.unstubAllEnvs());

describe('finding a browser', () => {
  it('takes the one that CHROME_PATH names before all others', () => {
    vi.stubEnv('CHROME_PATH', process.execPath);
    vi.stubEnv('CHROMIUM_PATH', '/no/such/browser');
    expect(findBrowser()).toBe(process.execPath);
  });

  it('refuses a path that names no executable, instead of quietly taking another browser', () => {
    vi.stubEnv('CHROME_PATH', '');
    vi.stubEnv('CHROMIUM_PATH', '/no/such/browser');
    expect(() => findBrowser()).toThrow(/CHROMIUM_PATH names no executable/);
  });
});
