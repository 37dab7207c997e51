/** How far each head of one student is from the teacher's, layer by layer as it comes; without a teacher, what needs none. */
import { register, type Compute } from '@/engine/compute';
import { DISTORTION } from '@/analyses/attention/protocol';
import {
  constantRowsOf,
  distortionAlone,
  distortLayer,
  joinLayers,
  type LayerDistortion,
} from '@/analyses/attention/distortion';
import { FORWARD_ONLY } from '@/engine/explore';

export const analyzeDistortion: Compute<typeof DISTORTION> = async ({ studentId }, { modelIds, trace, step }) => {
  if (!modelIds.includes('teacher')) {
    await step({ what: 'the student’s attention', done: 0, total: 1, partial: null });
    return distortionAlone((await trace(studentId, FORWARD_ONLY)).layers.map(constantRowsOf));
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

export const distortionCompute = register(DISTORTION, analyzeDistortion);
