/** The manifest of an embedded family: which files hold its weights, and what the recipe measured. */
import * as z from 'zod/mini';
import { parseConfig } from '@/models/config';
import type { FamilyMember, MeasuredMember, MemberId, ModelFamily } from '@/models/families/family';

const share = z.number().check(z.gte(0), z.lte(1));

const modelSchema = z.object({
  id: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)),
  label: z.string().check(z.minLength(1), z.maxLength(80)),
  file: z.string().check(z.regex(/^[\w-]+\.safetensors$/)),
  bytes: z.int().check(z.positive()),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  config: z.pipe(
    z.unknown(),
    z.transform((config) => parseConfig(JSON.stringify(config))),
  ),
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

/** The family with what its manifest says of its members. */
export function withManifest(family: ModelFamily, models: readonly ManifestModel[]): ModelFamily {
  const measured = new Map<MemberId, MeasuredMember>(
    models.map(({ id, testAccuracy, meanTauB, constantRowShare }) => [
      id,
      { testAccuracy, meanTauB, constantRowShare },
    ]),
  );
  const members = family.members.map((member): FamilyMember => ({
    ...member,
    measured: measured.get(member.id) ?? null,
  }));
  return { ...family, members };
}
