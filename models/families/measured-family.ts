import type { FamilyMember, MeasuredMember, MemberId, ModelFamily } from '@/models/families/family';
import type { ManifestModel } from '@/models/families/manifest';

export type Measurements = Pick<ManifestModel, 'id' | 'testAccuracy' | 'meanTauB' | 'constantRowShare'>;

/**
 * What a manifest measured of each model. Checks these numbers alone; a damaged manifest is refused by the worker, which fetches the
 * files that it names.
 *
 * @throws Error when the text is no manifest, or a number is none
 */
export function readMeasurements(text: string): readonly Measurements[] {
  const { models } = JSON.parse(text) as { readonly models?: unknown };
  if (!Array.isArray(models)) throw new Error('not a manifest');
  return models.map(({ id, testAccuracy, meanTauB, constantRowShare }: Partial<Measurements>) => ({
    id: String(id),
    testAccuracy: within(0, 1, testAccuracy),
    meanTauB: meanTauB === null ? null : within(-1, 1, meanTauB),
    constantRowShare: constantRowShare === null ? null : within(0, 1, constantRowShare),
  }));
}

function within(least: number, most: number, value: number | undefined): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw new RangeError(`not a measurement: ${value}`);
  return value;
}

/** The family with what its manifest says of its members. */
export function withManifest(family: ModelFamily, models: readonly Measurements[]): ModelFamily {
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
