/** A student's trace against the teacher's, head by head. */
import { matrixRow } from '@/lib/math/number-row';
import { constantRowShare } from '@/lib/metrics/constant-row-share';
import { pairMetrics } from '@/lib/metrics/registry';
import {
  MATRIX_METRICS,
  TOP_K,
  type CellValue,
  type Distortion,
  type MatrixMetric,
  type Trace,
} from '@/lib/worker/protocol';
import { binarizedAttention, meanCell } from '@/lib/worker/serve-cells';
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
  const isAlike = student.config.numHeads === heads && student.numTokens === tokens;
  if (!isAlike || student.layers.length !== teacher.layers.length) {
    throw new RangeError('a student of another shape than its teacher has no distortion');
  }
  const grid = <T>(cell: (teacher: LayerTrace, student: LayerTrace, head: number) => T): Grid<T> =>
    teacher.layers.map((ofTeacher, layer) => {
      const ofStudent = student.layers[layer];
      if (ofStudent === undefined) throw new RangeError(`no layer ${layer}`);
      return Array.from({ length: heads }, (_, head) => cell(ofTeacher, ofStudent, head));
    });
  const headMap = (values: Float32Array, head: number): Float32Array => {
    const size = tokens * tokens;
    return values.subarray(head * size, (head + 1) * size); // [N, N]
  };
  const compare = (choose: (layer: LayerTrace) => Float32Array): Distortion['attention'] => {
    const metrics = MATRIX_METRICS.map((metric): [MatrixMetric, Grid<CellValue>] => [
      metric,
      grid((ofTeacher, ofStudent, head) =>
        meanOverRows(metric, headMap(ofTeacher.attention, head), headMap(choose(ofStudent), head), tokens),
      ),
    ]);
    return Object.fromEntries(metrics) as Distortion['attention']; // MATRIX_METRICS has every key
  };
  return {
    attention: compare((layer) => layer.attention),
    attentionBinary: compare(binarizedAttention),
    constantRowShare: grid((_, ofStudent, head) => shareOf(headMap(binarizedAttention(ofStudent), head), tokens)),
  };
}

/** @param teacher [N, N]  @param student [N, N] */
function meanOverRows(metric: MatrixMetric, teacher: Float32Array, student: Float32Array, tokens: number): CellValue {
  const { evaluate } = pairMetrics[metric];
  const rows = Array.from({ length: tokens }, (_, query) =>
    evaluate(matrixRow(teacher, tokens, query), matrixRow(student, tokens, query), { query, k: TOP_K }),
  );
  return meanCell(rows);
}

function shareOf(map: Float32Array, tokens: number): number {
  const share = constantRowShare(map, tokens);
  if (share === null) throw new RangeError('a map of one token has no constant rows to speak of');
  return share;
}
