/** How far each head of one student is from the teacher's, layer by layer as it comes. */
import { EngineError } from '@/lib/worker/engine-error';
import type { Analyze } from '@/lib/worker/analyses/context';
import { distortLayer, joinLayers, type LayerDistortion } from '@/lib/worker/serve-distortion';
import { FORWARD_ONLY } from '@/lib/worker/serve-explore';

export const analyzeDistortion: Analyze<'distortion'> = async ({ studentId }, { modelIds, trace, step }) => {
  if (!modelIds.includes('teacher')) {
    throw new EngineError(
      'checkpoint',
      'There is nothing to hold it against: this model came without its full-precision teacher.',
    );
  }
  const report = (what: string, done: number, total: number, layers: readonly LayerDistortion[]) =>
    step({ what, done, total, partial: layers.length === 0 ? null : joinLayers(layers) });
  await report('the teacher’s attention', 0, 1, []);
  const teacher = await trace('teacher', FORWARD_ONLY);
  await report('the student’s attention', 0, 1, []);
  const student = await trace(studentId, FORWARD_ONLY);
  const layers: LayerDistortion[] = [];
  for (const [layer, ofTeacher] of teacher.layers.entries()) {
    await report('layers compared', layer, teacher.layers.length, layers);
    const ofStudent = student.layers[layer];
    if (ofStudent === undefined) throw new RangeError(`no layer ${layer}`);
    layers.push(distortLayer(ofTeacher, ofStudent));
  }
  return joinLayers(layers);
};
