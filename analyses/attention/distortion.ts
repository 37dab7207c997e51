/** A student's trace against the teacher's, head by head. */
import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { type Distortion, MATRIX_METRICS, type MatrixMetric } from '@/analyses/attention/protocol';
import { columnOfQuery, layoutKeys, layoutRows, type AttentionLayout } from '@/lib/math/attention-layout';
import { matrixRow } from '@/lib/math/number-row';
import { constantRowShare } from '@/lib/metrics/constant-row-share';
import { pairMetrics } from '@/lib/metrics/registry';
import { type Trace } from '@/engine/protocol';
import type { CellValue } from '@/lib/metrics/cell';
import { binarizedAttention } from '@/models/trace';
import { meanCell } from '@/lib/metrics/cell';
import type { LayerTrace } from '@/models/trace';

type Cells = { readonly [Metric in MatrixMetric]: readonly CellValue[] }; // [H]

/** One layer's rows of the distortion matrix. */
export interface LayerDistortion {
  readonly attention: Cells;
  readonly attentionBinary: Cells;
  readonly constantRowShare: readonly number[]; // [H]
}

/**
 * Every metric of the distortion matrix, of the softmaxed and of the binarized attention; both against the teacher's
 * softmaxed one. O(layers heads N^2 log N).
 *
 * @throws RangeError when the two have not the same layers, heads and tokens, or the student has no binarized attention
 */
export function distortionOf(teacher: Trace, student: Trace): Distortion {
  if (student.layers.length !== teacher.layers.length) throw anotherShape();
  return joinLayers(
    teacher.layers.map((ofTeacher, layer) => {
      const ofStudent = student.layers[layer];
      if (ofStudent === undefined) throw anotherShape();
      return distortLayer(ofTeacher, ofStudent);
    }),
  );
}

/** What of a student needs no teacher; the rest stays empty, which is "unknown". @param rows [L][H], as many layers as there are yet */
export function distortionAlone(rows: readonly (readonly number[])[]): Distortion {
  return { attention: byMetric(() => []), attentionBinary: byMetric(() => []), constantRowShare: rows };
}

/** As many layers as there are yet. */
export function joinLayers(layers: readonly LayerDistortion[]): Distortion {
  const grids = (choose: (layer: LayerDistortion) => Cells): Distortion['attention'] =>
    byMetric((metric) => layers.map((layer) => choose(layer)[metric]));
  return {
    attention: grids(({ attention }) => attention),
    attentionBinary: grids(({ attentionBinary }) => attentionBinary),
    constantRowShare: layers.map((layer) => layer.constantRowShare),
  };
}

/** A student that does not binarize this layer's attention has its softmaxed one in that place. @throws RangeError for another shape */
export function distortLayer(ofTeacher: LayerTrace, ofStudent: LayerTrace): LayerDistortion {
  const { heads, layout } = ofTeacher;
  if (ofStudent.heads !== heads || ofStudent.attention.length !== ofTeacher.attention.length) throw anotherShape();
  const keys = layoutKeys(layout);
  const size = layoutRows(layout) * keys;
  const headMap = (values: Float32Array, head: number) => values.subarray(head * size, (head + 1) * size); // [rows, keys]
  const compare = (chosen: Float32Array): Cells =>
    byMetric((metric) =>
      Array.from({ length: heads }, (_, head) =>
        meanOverRows(metric, headMap(ofTeacher.attention, head), headMap(chosen, head), layout),
      ),
    );
  return {
    attention: compare(ofStudent.attention),
    attentionBinary: compare(binarizedAttention(ofStudent)),
    constantRowShare: constantRowsOf(ofStudent),
  };
}

/** Per head, the share of rows whose entries are all equal after the binarizer. [H] */
export function constantRowsOf(ofStudent: LayerTrace): readonly number[] {
  const { heads, layout } = ofStudent;
  const binarized = binarizedAttention(ofStudent);
  const size = binarized.length / heads;
  return Array.from({ length: heads }, (_, head) =>
    shareOf(binarized.subarray(head * size, (head + 1) * size), layoutKeys(layout)),
  );
}

function byMetric<T>(make: (metric: MatrixMetric) => T): { readonly [Metric in MatrixMetric]: T } {
  const entries = MATRIX_METRICS.map((metric): [MatrixMetric, T] => [metric, make(metric)]);
  return Object.fromEntries(entries) as { [Metric in MatrixMetric]: T }; // MATRIX_METRICS has every key
}

/** @param teacher [rows, keys]  @param student [rows, keys] */
function meanOverRows(
  metric: MatrixMetric,
  teacher: Float32Array,
  student: Float32Array,
  layout: AttentionLayout,
): CellValue {
  const { evaluate } = pairMetrics[metric];
  const keys = layoutKeys(layout);
  const rows = Array.from({ length: layoutRows(layout) }, (_, row) =>
    evaluate(matrixRow(teacher, keys, row), matrixRow(student, keys, row), {
      query: columnOfQuery(layout, row),
      k: TOP_K,
    }),
  );
  return meanCell(rows);
}

function shareOf(map: Float32Array, keys: number): number {
  const share = constantRowShare(map, keys);
  if (share === null) throw new RangeError('a map of one token has no constant rows to speak of');
  return share;
}

function anotherShape(): RangeError {
  return new RangeError('a student of another shape than its teacher has no distortion');
}
