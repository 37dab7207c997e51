import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatNotices, NOTICES_FILE, readNotices } from '@/scripts/notices';

describe('the third-party notices', () => {
  const notices = readNotices(process.cwd());

  it('are those of the installed packages; otherwise run: npm run notices', () => {
    expect(readFileSync(NOTICES_FILE, 'utf8')).toBe(formatNotices(notices));
  });

  it('name every direct dependency of the application', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    const named = new Set(notices.map(({ name }) => name));
    expect(Object.keys(manifest.dependencies).filter((name) => !named.has(name))).toEqual([]);
  });

  it('cover only licences that allow this use', () => {
    const known =
      /^\(?(MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|CC0-1\.0|CC-BY-4\.0|Unlicense|AND|OR|[ ()])+$/;
    expect(
      notices.filter(({ licence }) => !known.test(licence)).map(({ name, licence }) => `${name}: ${licence}`),
    ).toEqual([]);
  });
});
