import { createHash } from 'node:crypto';

/**
 * The content security policy of the export: one definition for the header that `npm start` sends and for the <meta> tag
 * that protects the export on hosts which cannot set headers.
 */

/** Shared by pages and worker scripts. `https:` in connect-src: pictures by URL and checkpoints from the hub, which redirects to hosts of its own. */
const CONNECT = "connect-src 'self' https: data: blob:";

/** What a hub without https needs: itself, and any port of its host, where it redirects weights to. */
function hubSources(hubUrl: string): readonly string[] {
  if (!URL.canParse(hubUrl)) return [];
  const { protocol, hostname } = new URL(hubUrl);
  return protocol === 'http:' ? [`http://${hostname}:*`] : [];
}

/** The hash source of an inline script, as a policy names it: 'sha256-…' in single quotes. */
export function hashSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;
}

/**
 * The policy of one HTML page whose inline scripts have the given hash sources.
 *
 * - `'wasm-unsafe-eval'` lets WebAssembly compile; `eval` itself stays forbidden.
 * - `style-src 'unsafe-inline'`: Mantine positions and colours through inline style attributes, which no hash can cover.
 * - `img-src https:` shows a picture chosen by its address; `data:` and `blob:` are uploads, figures and exports.
 * - `worker-src 'self'`: the bundler's worker is a file of the export, so no blob is needed.
 *
 * @param hubUrl the hub that the export was built for; '' for the public one
 */
export function pagePolicy(scriptHashes: readonly string[], hubUrl = ''): string {
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scriptHashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    [CONNECT, ...hubSources(hubUrl)].join(' '),
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The policy of everything that is not a page. A worker is governed by the headers of its own script, not by its page's. */
export const ASSET_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  CONNECT,
  "object-src 'none'",
].join('; ');

/**
 * Sent with every response. COOP and COEP isolate the page, which unlocks precise timers and SharedArrayBuffer where a kernel wants them.
 * CORP is `cross-origin` because everything here is public and `?embed=1` is meant to be framed by lecture pages, isolated ones too.
 */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
};
