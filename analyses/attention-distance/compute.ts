/** How far the heads of every member look, in the picture on screen. */
import { flatDistance, headDistances, patchDistances } from '@/analyses/attention-distance/distance';
import { ATTENTION_DISTANCE, type DistanceStudy, type MemberDistances } from '@/analyses/attention-distance/protocol';
import { register, type Compute } from '@/engine/compute';
import { FORWARD_ONLY } from '@/engine/explore';
import { layoutKeys } from '@/lib/math/attention-layout';
import type { LayerTrace } from '@/models/trace';

/** O(layers heads N^2) for each member. */
export const measureDistances: Compute<typeof ATTENTION_DISTANCE> = async (_, { modelIds, config, trace, step }) => {
  const members: { [id: string]: MemberDistances } = {};
  const flat: number[] = []; // [L]
  for (const [done, id] of modelIds.entries()) {
    const study = (): DistanceStudy => ({ members: { ...members }, flat: [...flat] });
    const report = () => step({ what: 'models', done, total: modelIds.length, partial: done === 0 ? null : study() });
    await report();
    const { layers } = await trace(id, FORWARD_ONLY);
    const attention: MemberDistances['attention'][number][] = [];
    const attentionBinary: MemberDistances['attention'][number][] = [];
    for (const [layer, values] of layers.entries()) {
      await report();
      const distances = patchDistances(values.layout, config.imageSize);
      const keys = layoutKeys(values.layout);
      flat[layer] ??= flatDistance(distances, keys);
      attention.push(headDistances(values.attention, distances, keys));
      if (values.attentionBinary !== null) attentionBinary.push(headDistances(values.attentionBinary, distances, keys));
    }
    members[id] = { attention, attentionBinary: hasBinarizer(layers) ? attentionBinary : null };
  }
  return { members, flat };
};

export const attentionDistanceCompute = register(ATTENTION_DISTANCE, measureDistances);

/** In every layer: a mixture has no one number for a layer that leaves its attention real. */
function hasBinarizer(layers: readonly LayerTrace[]): boolean {
  return layers.length > 0 && layers.every(({ attentionBinary }) => attentionBinary !== null);
}
