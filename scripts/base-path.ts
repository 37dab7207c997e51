/**
 * The path an export is served under, as Next wants it: '' for the root of a host, else '/a/b' without a closing slash.
 * Throws on anything that is not a plain path (an address, a query, an empty segment, dots).
 */
export function normalizeBase(text: string): string {
  const trimmed = text.replace(/^\/+|\/+$/g, '');
  if (trimmed === '') return '';
  const segments = trimmed.split('/');
  if (!segments.every((segment) => /^[\w~-][\w.~-]*$/.test(segment))) throw new Error(`not a base path: ${text}`);
  return `/${segments.join('/')}`;
}
