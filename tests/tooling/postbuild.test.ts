import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADERS_MANIFEST, inlineScripts, sealExport, sealPage } from '@/scripts/postbuild';

const page = (body: string): string =>
  `<!DOCTYPE html><html><head><meta charSet="utf-8"/><title>x</title></head>${body}</html>`;
const sha = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('sealing a page', () => {
  it('finds the scripts that are executed inline, and no others', () => {
    const html = page(
      '<script>a()</script><script src="/x.js"></script><script type="application/json">{}</script><script type="module">b()</script>',
    );
    expect(inlineScripts(html)).toEqual(['a()', 'b()']);
  });

  it('puts the policy with each hash once, after the charset and before everything else', () => {
    const { html, policy } = sealPage(page('<script>a()</script><script>a()</script><script>é\n</script>'));
    expect(policy.split(sha('a()'))).toHaveLength(2);
    expect(policy).toContain(sha('é\n'));
    expect(policy).not.toContain("'unsafe-eval'");
    expect(/script-src[^;]*/.exec(policy)?.[0]).not.toContain('unsafe-inline');
    expect(html).toContain(
      `<meta charSet="utf-8"/><meta http-equiv="Content-Security-Policy" content="${policy}"/><title>`,
    );
  });

  it('refuses a page that it could not protect', () => {
    expect(() => sealPage('<html><head></head></html>')).toThrow(/charset/);
    expect(() => sealPage('<html><head><script>a()</script><meta charset="utf-8"/></head></html>')).toThrow(/before/);
    expect(() => sealPage(sealPage(page('')).html)).toThrow(/already/);
  });
});

describe('sealing an export', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lens-seal-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('writes every page and the manifest', async () => {
    await mkdir(join(directory, 'train'));
    await writeFile(join(directory, 'index.html'), page('<script>one()</script>'));
    await writeFile(join(directory, 'train', 'index.html'), page('<script>two()</script>'));
    await sealExport(directory, '/sub');
    const manifest: unknown = JSON.parse(await readFile(join(directory, HEADERS_MANIFEST), 'utf8'));
    expect(manifest).toEqual({
      base: '/sub',
      pages: {
        'index.html': expect.stringContaining(sha('one()')),
        'train/index.html': expect.stringContaining(sha('two()')),
      },
    });
    expect(await readFile(join(directory, 'train', 'index.html'), 'utf8')).toContain(
      'http-equiv="Content-Security-Policy"',
    );
  });

  it('refuses a folder without a page', async () => {
    await expect(sealExport(directory, '')).rejects.toThrow(/no page/);
  });
});
