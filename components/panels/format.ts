/** Numbers as panels write them. An undefined result is said to be undefined, never 0. */

export function formatNumber(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return 'n/a';
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '−'); // no minus zero
}

/** A share 0..1 as `12.3 %`. */
export function formatPercent(share: number | null, digits = 1): string {
  return share === null || !Number.isFinite(share) ? 'n/a' : `${(100 * share).toFixed(digits)} %`;
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 100 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
