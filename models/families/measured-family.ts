import type { FamilyMember, MeasuredMember, MemberId, ModelFamily } from '@/models/families/family';
import type { ManifestModel } from '@/models/families/manifest';

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
