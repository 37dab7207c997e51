import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { hashSource, pagePolicy } from '@/scripts/security-policy';

/**
 * Seals a finished export: hashes each page's inline scripts, writes the resulting policy into the page as a <meta> tag
 * (for hosts that cannot set headers) and into `headers.json` (for `scripts/serve.ts`, which sends it as a header too).
 */

export const HEADERS_MANIFEST = 'headers.json';

export type HeadersManifest = {
  /** The path the export was built for: '' or '/sub'. */
  readonly base: string;
  /** A page's file, relative to the export with forward slashes, to its policy. */
  readonly pages: Readonly<Record<string, string>>;
};

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi;
const CHARSET = /<meta charset="utf-8"\s*\/?>/i;

/** The text of every script that stands inline in the page and is executed (a JSON data block is not). */
export function inlineScripts(html: string): readonly string[] {
  return [...html.matchAll(SCRIPT)].flatMap(([, attributes = '', body = '']) => {
    const type = /\stype="([^"]*)"/i.exec(attributes)?.[1] ?? '';
    const executed = type === '' || type === 'module' || /javascript/i.test(type);
    return /\ssrc=/i.test(attributes) || !executed || body === '' ? [] : [body];
  });
}

/**
 * Puts the policy into a page, right after its charset declaration: a policy in a <meta> binds only what follows it.
 * Throws when a script stands before that place, or when the page is sealed already.
 */
export function sealPage(html: string, hubUrl = ''): { readonly html: string; readonly policy: string } {
  if (/http-equiv="Content-Security-Policy"/i.test(html)) throw new Error('the page carries a policy already');
  const charset = CHARSET.exec(html);
  if (charset === null) throw new Error('the page declares no charset');
  const end = charset.index + charset[0].length;
  if (/<script\b/i.test(html.slice(0, end))) throw new Error('a script stands before the charset declaration');
  const policy = pagePolicy([...new Set(inlineScripts(html).map(hashSource))], hubUrl);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`;
  return { html: html.slice(0, end) + meta + html.slice(end), policy };
}

/**
 * Seals every page under `directory` and writes the manifest. Returns it. Throws when there is no page.
 *
 * @param hubUrl as in `pagePolicy`
 */
export async function sealExport(directory: string, base: string, hubUrl = ''): Promise<HeadersManifest> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new Error(`no page in ${directory}`);
  const pages: Record<string, string> = {};
  for (const file of files) {
    const sealed = sealPage(await readFile(file, 'utf8'), hubUrl);
    await writeFile(file, sealed.html);
    pages[relative(directory, file).split(sep).join('/')] = sealed.policy;
  }
  const manifest: HeadersManifest = { base, pages };
  await writeFile(join(directory, HEADERS_MANIFEST), JSON.stringify(manifest, null, 1) + '\n');
  return manifest;
}
