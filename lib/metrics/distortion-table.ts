import { poolAveraged, type Averaged } from '@/lib/metrics/averaged';
import { headDistortion, type HeadDistortion, type RowPairMetricId } from '@/lib/metrics/head-distortion';
import { headAttention, requireWholeMaps, type LayerAttention } from '@/lib/metrics/layer-attention';

/** Layer by head, the cells of the distortion matrix. */
export type DistortionTable = readonly (readonly HeadDistortion[])[]; // [L][H]

/**
 * Compares every head of a student with the same head of the teacher.
 *
 * Whether the student's maps are the softmaxed or the binarized ones is the caller's choice; both are worth seeing.
 *
 * @param teacher first layer first
 * @param student of the same shape
 * @param k how many keys count as the top of a row
 * @throws RangeError when the two do not have the same layers, heads and tokens
 */
export function distortionTable(
  teacher: readonly LayerAttention[],
  student: readonly LayerAttention[],
  k: number,
): DistortionTable {
  if (teacher.length !== student.length) {
    throw new RangeError(
      `a teacher of ${teacher.length} layers and a student of ${student.length} have no common table`,
    );
  }
  return teacher.map((ofTeacher, index) => {
    const ofStudent = student[index];
    if (ofStudent === undefined || ofStudent.heads !== ofTeacher.heads || ofStudent.tokens !== ofTeacher.tokens) {
      throw new RangeError(`layer ${index} differs in heads or tokens between teacher and student`);
    }
    requireWholeMaps(ofTeacher);
    requireWholeMaps(ofStudent);
    return Array.from({ length: ofTeacher.heads }, (_, head) =>
      headDistortion(headAttention(ofTeacher, head), headAttention(ofStudent, head), { tokens: ofTeacher.tokens, k }),
    );
  });
}

/** One metric over all rows of one layer's heads, or of several layers'; each defined row counts once. */
export function poolCells(cells: readonly HeadDistortion[], metric: RowPairMetricId): Averaged {
  return poolAveraged(cells.map((cell) => cell[metric]));
}
