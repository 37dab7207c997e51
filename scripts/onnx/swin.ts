/** `models/architectures/swin/swin.ts` at full precision, as an ONNX graph. */
import { relativePositionIndex, shiftMask, type WindowedLayout } from '@/models/layers/window';
import { blockLayout, swinStages, type SwinConfig, type SwinStage } from '@/models/architectures/swin/config';
import type { GraphBuilder, Value } from '@/scripts/onnx/graph-builder';
import { attention, head, layerNorm, mlp, patchEmbed } from '@/scripts/onnx/layers';

/** [B, channels, size, size] -> [B, numClasses] @throws Error when the checkpoint lacks a tensor */
export function buildSwin(graph: GraphBuilder, images: Value, config: SwinConfig): Value {
  const { patchSize, embedDim, normEps } = config;
  const stages = swinStages(config);
  let x = layerNorm(graph, patchEmbed(graph, images, patchSize, embedDim), 'patch_embed.norm', normEps); // [B, N, C]
  stages.forEach((stage, s) => {
    for (let b = 0; b < stage.depth; b++) x = block(graph, x, `layers.${s}.blocks.${b}`, stage, b, normEps);
    if (s + 1 < stages.length) x = merge(graph, x, `layers.${s}.downsample`, stage, normEps);
  });
  const normed = layerNorm(graph, x, 'norm', normEps);
  const pooled = graph.apply('ReduceMean', [normed, graph.integers([1])], { keepdims: 0 }); // [B, C]
  return head(graph, pooled, 'head');
}

/** x += attn(norm1(x)) in windows;  x += mlp(norm2(x)) */
function block(graph: GraphBuilder, x: Value, key: string, stage: SwinStage, index: number, normEps: number): Value {
  const { embedDim, numHeads, windowSize } = stage;
  const layout = blockLayout(stage, index);
  const windows = partition(graph, layerNorm(graph, x, `${key}.norm1`, normEps), layout, embedDim);
  const attended = attention(graph, windows, {
    key: `${key}.attn`,
    tokens: windowSize ** 2,
    embedDim,
    numHeads,
    bias: (scores) => addBias(graph, scores, `${key}.attn`, layout, numHeads),
  });
  const middle = graph.apply('Add', [x, restore(graph, attended, layout, embedDim)]);
  return graph.apply('Add', [middle, mlp(graph, layerNorm(graph, middle, `${key}.norm2`, normEps), `${key}.mlp`)]);
}

/** [B, N, C] -> [B * windows, n, C] */
function partition(graph: GraphBuilder, x: Value, layout: WindowedLayout, channels: number): Value {
  const { gridSide, window } = layout;
  const grid = roll(graph, graph.reshape(x, [-1, gridSide, gridSide, channels]), window.shift);
  const bands = graph.reshape(grid, [-1, window.size, gridSide / window.size, window.size * channels]);
  return graph.reshape(graph.transpose(bands, [0, 2, 1, 3]), [-1, window.size ** 2, channels]);
}

/** [B * windows, n, C] -> [B, N, C] */
function restore(graph: GraphBuilder, x: Value, layout: WindowedLayout, channels: number): Value {
  const { gridSide, window } = layout;
  const apart = graph.reshape(x, [-1, gridSide / window.size, window.size, window.size * channels]);
  const grid = graph.reshape(graph.transpose(apart, [0, 2, 1, 3]), [-1, gridSide, gridSide, channels]);
  return graph.reshape(roll(graph, grid, (gridSide - window.shift) % gridSide), [-1, gridSide ** 2, channels]);
}

/** Shifts rows and columns cyclically towards the origin. */
function roll(graph: GraphBuilder, grid: Value, by: number): Value {
  if (by === 0) return grid;
  const end = 2 ** 31;
  return [1, 2].reduce((x, axis) => {
    const slice = (from: number, to: number): Value =>
      graph.apply('Slice', [x, ...[from, to, axis].map((value) => graph.integers([value]))]);
    return graph.apply('Concat', [slice(by, end), slice(0, by)], { axis });
  }, grid);
}

/** Position bias and, where the windows are shifted, the mask, as one constant. */
function addBias(graph: GraphBuilder, scores: Value, key: string, layout: WindowedLayout, numHeads: number): Value {
  const { data: table } = graph.floats(`${key}.relative_position_bias_table`); // [(2w - 1)^2, H]
  const n = layout.window.size ** 2;
  const index = relativePositionIndex(layout.window.size); // [n, n]
  const mask = shiftMask(layout) ?? new Float32Array(n * n); // [windows, n, n]
  const windows = mask.length / (n * n);
  const bias = Float32Array.from({ length: windows * numHeads * n * n }, (_, i) => {
    const pair = i % (n * n);
    const headIndex = Math.floor(i / (n * n)) % numHeads;
    const window = Math.floor(i / (numHeads * n * n));
    return (table[(index[pair] ?? NaN) * numHeads + headIndex] ?? NaN) + (mask[window * n * n + pair] ?? NaN);
  });
  if (windows === 1) return graph.apply('Add', [scores, graph.constant(`${key}.bias`, [1, numHeads, n, n], bias)]);
  const constant = graph.constant(`${key}.bias and mask`, [1, windows, numHeads, n, n], bias);
  const byWindow = graph.reshape(scores, [-1, windows, numHeads, n, n]);
  return graph.reshape(graph.apply('Add', [byWindow, constant]), [-1, numHeads, n, n]);
}

/** [B, side^2, C] -> [B, (side / 2)^2, 2C] */
function merge(graph: GraphBuilder, x: Value, key: string, stage: SwinStage, normEps: number): Value {
  const { gridSide, embedDim } = stage;
  const half = gridSide / 2;
  const apart = graph.reshape(x, [-1, 2, half, 2, embedDim]); // [B * half, row, half, column, C]
  const together = graph.reshape(graph.transpose(apart, [0, 2, 3, 1, 4]), [-1, half ** 2, 4 * embedDim]);
  const normed = layerNorm(graph, together, `${key}.norm`, normEps);
  return graph.apply('MatMul', [normed, graph.transposed(`${key}.reduction.weight`)]);
}
