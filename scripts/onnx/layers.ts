/** The layers of `models/layers` at full precision, as ONNX operations. */
import type { GraphBuilder, Value } from '@/scripts/onnx/graph-builder';

/** [..., I] -> [..., O] */
export function linear(graph: GraphBuilder, x: Value, key: string): Value {
  const product = graph.apply('MatMul', [x, graph.transposed(`${key}.weight`)]);
  return graph.apply('Add', [product, graph.weight(`${key}.bias`)]);
}

/** [B, I] -> [B, O] */
export function head(graph: GraphBuilder, x: Value, key: string): Value {
  return graph.apply('Gemm', [x, graph.weight(`${key}.weight`), graph.weight(`${key}.bias`)], { transB: 1 });
}

/** [..., C] -> [..., C] */
export function layerNorm(graph: GraphBuilder, x: Value, key: string, eps: number): Value {
  const inputs = [x, graph.weight(`${key}.weight`), graph.weight(`${key}.bias`)];
  return graph.apply('LayerNormalization', inputs, { axis: -1, epsilon: { float: eps } });
}

/** [B, channels, size, size] -> [B, N, C] */
export function patchEmbed(graph: GraphBuilder, images: Value, patchSize: number, embedDim: number): Value {
  const key = 'patch_embed.proj';
  const inputs = [images, graph.weight(`${key}.weight`), graph.weight(`${key}.bias`)];
  const square = [patchSize, patchSize];
  const grid = graph.apply('Conv', inputs, { kernel_shape: square, strides: square }); // [B, C, rows, columns]
  return graph.transpose(graph.reshape(grid, [0, embedDim, -1]), [0, 2, 1]);
}

interface AttentionLayer {
  readonly key: string;
  /** n: of a window, or of the whole image. */
  readonly tokens: number;
  readonly embedDim: number;
  readonly numHeads: number;
  /** Added before the softmax. [B, H, n, n] -> the same */
  readonly bias?: (scores: Value) => Value;
}

/** [B, n, C] -> [B, n, C] */
export function attention(graph: GraphBuilder, x: Value, layer: AttentionLayer): Value {
  const { key, tokens, embedDim, numHeads } = layer;
  const size = embedDim / numHeads;
  const parts = graph.split(linear(graph, x, `${key}.qkv`), 3);
  const [q = '', k = '', v = ''] = parts.map((part) => graph.reshape(part, [-1, tokens, numHeads, size]));
  // Cheapest on q alone, where exporters put it too.
  const scaled = graph.apply('Mul', [graph.transpose(q, [0, 2, 1, 3]), graph.scalar(1 / Math.sqrt(size))]);
  const products = graph.apply('MatMul', [scaled, graph.transpose(k, [0, 2, 3, 1])]); // [B, H, n, n]
  const scores = layer.bias === undefined ? products : layer.bias(products);
  const shares = graph.apply('Softmax', [scores], { axis: -1 });
  const mixed = graph.apply('MatMul', [shares, graph.transpose(v, [0, 2, 1, 3])]); // [B, H, n, D]
  const merged = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, tokens, embedDim]);
  return linear(graph, merged, `${key}.proj`);
}

/** [B, N, C] -> [B, N, C] */
export function mlp(graph: GraphBuilder, x: Value, key: string): Value {
  return linear(graph, graph.apply('Gelu', [linear(graph, x, `${key}.fc1`)]), `${key}.fc2`);
}
