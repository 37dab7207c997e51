/** The one picture among the files that came, or why there is none, in a sentence. */
export type ChosenPicture =
  { readonly kind: 'picture'; readonly file: File } | { readonly kind: 'none'; readonly sentence: string };

/**
 * The first picture of what was dropped, pasted or chosen. A file without a type may be a picture (a `.pgm`, or one that the system does not
 * know), so it is let through; whoever decodes it says what is wrong.
 */
export function choosePicture(files: readonly File[], maxBytes: number): ChosenPicture {
  const file = files.find(({ type }) => type.startsWith('image/')) ?? files.find(({ type }) => type === '');
  const [first] = files;
  if (first === undefined)
    return { kind: 'none', sentence: 'There was no file in that. Try saving the picture first.' };
  if (file === undefined)
    return { kind: 'none', sentence: `“${first.name}” is not a picture. PNG, JPEG or WebP will do.` };
  if (file.size > maxBytes) {
    const megabytes = Math.round(maxBytes / 1e6);
    return { kind: 'none', sentence: `“${file.name}” is larger than ${megabytes} MB. Make it smaller first.` };
  }
  return { kind: 'picture', file };
}

/**
 * A picture out of the clipboard, for a button, where there is no paste event. `null` where the clipboard holds none.
 * Rejects where the browser does not let pages read it.
 */
export async function pictureFromClipboard(): Promise<File | null> {
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((candidate) => candidate.startsWith('image/'));
    if (type !== undefined) return new File([await item.getType(type)], 'pasted picture', { type });
  }
  return null;
}

/** An address as typed, when it is one of a picture on the web: trimmed, `https://` put before it where nothing stands; `null` otherwise. */
export function webAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === '' || /\s/.test(text)) return null;
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  try {
    const { protocol, hostname, href } = new URL(withScheme);
    return (protocol === 'https:' || protocol === 'http:') && hostname.includes('.') ? href : null;
  } catch {
    return null;
  }
}
