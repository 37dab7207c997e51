/** The manifest of an embedded family: which files hold its weights, and what the recipe measured. */
import * as z from 'zod/mini';

const share = z.number().check(z.gte(0), z.lte(1));

const modelSchema = z.object({
  id: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)),
  label: z.string().check(z.minLength(1), z.maxLength(80)),
  file: z.string().check(z.regex(/^[\w-]+\.safetensors$/)),
  bytes: z.int().check(z.positive()),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** As in the file itself, where the worker checks it. */
  config: z.unknown(),
  testAccuracy: share,
  meanTauB: z.nullable(z.number().check(z.gte(-1), z.lte(1))),
  constantRowShare: z.nullable(share),
});

const manifestSchema = z.object({ models: z.array(modelSchema) });

export type ManifestModel = Readonly<z.infer<typeof modelSchema>>;

/** @throws Error when the text is no manifest */
export function parseManifest(text: string): readonly ManifestModel[] {
  return manifestSchema.parse(JSON.parse(text)).models;
}
