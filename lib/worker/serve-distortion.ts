/** A student's trace against the teacher's, head by head. */
import { headDistortion, type HeadDistortion } from '@/lib/metrics/head-distortion';
import { headAttention } from '@/lib/metrics/layer-attention';
import { constantRowShare } from '@/lib/metrics/constant-row-share';
import {
  MATRIX_METRICS,
  TOP_K,
  type CellValue,
  type Distortion,
  type MatrixMetric,
  type Trace,
} from '@/lib/worker/protocol';
import type { LayerTrace } from '@/models/trace';

type Grid<T> = readonly (readonly T[])[]; // [L][H]

/**
 * Every metric of the distortion matrix, of the softmaxed and of the binarized attention; both against the teacher's
 * softmaxed one. O(layers heads N^2 log N).
 *
 * @throws RangeError when the two have not the same layers, heads and tokens, or the student has no binarized attention
 */
export function distortionOf(teacher: Trace, student: Trace): Distortion {
  const { numHeads: heads } = teacher.config;
  const tokens = teacher.numTokens;
  if (
    student.layers.length !== teacher.layers.length ||
    student.config.numHeads !== heads ||
    student.numTokens !== tokens
  ) {
    throw new RangeError('a student of another shape than its teacher has no distortion');
  }
  const grid = <T>(cell: (teacher: Float32Array, student: LayerTrace, head: number) => T): Grid<T> =>
    teacher.layers.map((ofTeacher, layer) => {
      const ofStudent = student.layers[layer];
      if (ofStudent === undefined) throw new RangeError(`no layer ${layer}`);
      return Array.from({ length: heads }, (_, head) => cell(ofTeacher.attention, ofStudent, head));
    });
  const map = (values: Float32Array, head: number) => headAttention({ values, heads, tokens }, head); // [N, N]
  const compare = (choose: (layer: LayerTrace) => Float32Array): Grid<HeadDistortion> =>
    grid((ofTeacher, ofStudent, head) =>
      headDistortion(map(ofTeacher, head), map(choose(ofStudent), head), { tokens, k: TOP_K }),
    );
  return {
    attention: byMetric(compare((layer) => layer.attention)),
    attentionBinary: byMetric(compare(binarized)),
    constantRowShare: grid((_, ofStudent, head) =>
      wholeShare(constantRowShare(map(binarized(ofStudent), head), tokens)),
    ),
  };
}

function binarized({ attentionBinary }: LayerTrace): Float32Array {
  if (attentionBinary === null) throw new RangeError('a full-precision model has no binarized attention');
  return attentionBinary;
}

function wholeShare(share: number | null): number {
  if (share === null) throw new RangeError('a map of one token has no constant rows to speak of');
  return share;
}

function byMetric(cells: Grid<HeadDistortion>): Distortion['attention'] {
  const entries = MATRIX_METRICS.map((metric): [MatrixMetric, Grid<CellValue>] => [
    metric,
    cells.map((row) =>
      row.map((cell) => {
        const { value, defined, total } = cell[metric];
        return { value, definedRows: defined, totalRows: total };
      }),
    ),
  ]);
  return Object.fromEntries(entries) as Distortion['attention']; // MATRIX_METRICS has every key
}
