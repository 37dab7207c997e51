/** What the cache records about a file. A damaged record, or one from another version of the page, reads as `null`. */
import * as z from 'zod/mini';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

const count = z.int().check(z.minimum(0));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const checkpointSchema = z.object({
  /** The repository's id, or `file-` and the first 16 digits of the SHA-256. */
  id: z.string(),
  label: z.string(),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('hub'), repo: z.string(), /** Commit. */ revision: z.string() }),
    z.object({ kind: z.literal('file'), fileName: z.string() }),
  ]),
  bytes: count,
  sha256,
  /** What the bytes were checked against: the hub's SHA-256, only its length, or nothing. */
  verified: z.enum(['hub', 'length', 'none']),
  /** Since 1970. */
  savedAtMs: z.number(),
  /** The repository's config.json. */
  configJson: z.nullable(z.string()),
});
const partialSchema = z.object({ revision: z.string(), bytes: count, sha256: z.nullable(sha256) });

/** `parts` has the bytes of each part, in order; all of them are stored under `generation`. */
const parts = { generation: z.string(), parts: z.array(count) };
export const ENTRY_RECORD = z.object({ ...parts, entry: checkpointSchema });
export const PARTIAL_RECORD = z.object({ ...parts, file: partialSchema });

export type CachedCheckpoint = Readonly<z.infer<typeof checkpointSchema>>;
/** The exact file that the parts of an unfinished download belong to. */
export type PartialFile = Readonly<z.infer<typeof partialSchema>>;
export interface Parts {
  readonly generation: string;
  readonly parts: readonly number[];
}

export function isSameFile(a: PartialFile, b: PartialFile): boolean {
  return a.revision === b.revision && a.bytes === b.bytes && a.sha256 === b.sha256;
}

export function encodeRecord(
  record: Parts & ({ readonly entry: CachedCheckpoint } | { readonly file: PartialFile }),
): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(record));
}

export function decodeRecord<T extends z.ZodMiniType>(schema: T, bytes: Uint8Array | null): z.infer<T> | null {
  if (bytes === null) return null;
  try {
    return schema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    return null;
  }
}
