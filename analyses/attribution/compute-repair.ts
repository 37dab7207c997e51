/** The causal repair map: what each head's attention, taken from the teacher, gives back of a class's logit. */
import { register, type Compute } from '@/engine/compute';
import { REPAIR, type RepairedLogit } from '@/analyses/attribution/protocol';
import { indexOfLargest } from '@/lib/math/index-of-largest';
import { repairMap } from '@/models/repair';
import { EngineError } from '@/engine/engine-error';

/** One student on the picture on screen. The class 'predicted' is the teacher's: it is the one that a repair should bring back. */
export const analyzeRepair: Compute<typeof REPAIR> = async ({ studentId, target }, { image, model, trace, step }) => {
  await step({ what: 'the teacher’s attention', done: 0, total: 2, partial: null });
  const teacher = await trace('teacher', { gradients: false, lossClass: 'predicted' });
  const classIndex = target === 'predicted' ? indexOfLargest(teacher.logits) : target;

  const student = model(studentId);
  if (student.blocks.some(({ quantizers }) => quantizers !== null && quantizers.attnAct.kind === 'real')) {
    throw new EngineError(
      'checkpoint',
      'A repair replaces a binarized attention, and this student leaves it real-valued in some layers. Binarize the attention of every layer.',
    );
  }
  const { none, heads, layers, all } = await repairMap(student, image, teacher, (done, total) =>
    step({ what: 'repairs of the student', done, total, partial: null }),
  );
  const repaired = (logits: Float32Array): RepairedLogit => ({
    logit: logits[classIndex] ?? NaN,
    predicted: indexOfLargest(logits),
  });
  return {
    studentId,
    classIndex,
    studentLogit: repaired(none).logit,
    teacherLogit: teacher.logits[classIndex] ?? NaN,
    heads: heads.map((layer) => layer.map(repaired)),
    layers: layers.map(repaired),
    all: repaired(all),
  };
};

export const repairCompute = register(REPAIR, analyzeRepair);
