/**
 * What the cache writes down about a file, and reading it back: a record from another version of the page, or a damaged one, is `null`.
 */
import * as z from 'zod/mini';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

export type ShelfSource =
  | { readonly kind: 'hub'; readonly repo: string; /** Commit. */ readonly revision: string }
  | { readonly kind: 'file'; readonly fileName: string };

export interface CachedCheckpoint {
  /** The repository's id, or `file-` and the first 16 digits of the SHA-256. */
  readonly id: string;
  readonly label: string;
  readonly source: ShelfSource;
  readonly bytes: number;
  /** Of the bytes that are kept, in lower-case hexadecimal. */
  readonly sha256: string;
  /** What it was held against: the hub's SHA-256, the hub's length only, or nothing. */
  readonly verified: 'hub' | 'length' | 'none';
  /** Since 1970. */
  readonly savedAtMs: number;
  /** The repository's config.json. */
  readonly configJson: string | null;
}

/** The very file that unfinished parts belong to. */
export interface PartialFile {
  readonly revision: string;
  readonly bytes: number;
  readonly sha256: string | null;
}

/** `parts`: bytes in each part, in order; part i is kept under `generation`. */
export interface Parts {
  readonly generation: string;
  readonly parts: readonly number[];
}
export type PartialRecord = Parts & { readonly file: PartialFile };
export type EntryRecord = Parts & { readonly entry: CachedCheckpoint };

const count = z.int().check(z.minimum(0));
const hex64 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const parts = { generation: z.string(), parts: z.array(count) };

const entrySchema = z.object({
  ...parts,
  entry: z.object({
    id: z.string(),
    label: z.string(),
    source: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('hub'), repo: z.string(), revision: z.string() }),
      z.object({ kind: z.literal('file'), fileName: z.string() }),
    ]),
    bytes: count,
    sha256: hex64,
    verified: z.enum(['hub', 'length', 'none']),
    savedAtMs: z.number(),
    configJson: z.nullable(z.string()),
  }),
});

const partialSchema = z.object({
  ...parts,
  file: z.object({
    revision: z.string(),
    bytes: count,
    sha256: z.nullable(hex64),
  }),
});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

export function encodeRecord(record: EntryRecord | PartialRecord): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(record));
}

export function decodeEntry(bytes: Uint8Array | null): EntryRecord | null {
  const parsed = bytes === null ? null : entrySchema.safeParse(parseJson(bytes));
  return parsed?.success === true ? parsed.data : null;
}

export function decodePartial(bytes: Uint8Array | null): PartialRecord | null {
  const parsed = bytes === null ? null : partialSchema.safeParse(parseJson(bytes));
  return parsed?.success === true ? parsed.data : null;
}
