/** `models/architectures/deit/deit.ts` at full precision, as an ONNX graph. */
import { numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import type { GraphBuilder, Value } from '@/scripts/onnx/graph-builder';
import { attention, head, layerNorm, mlp, patchEmbed } from '@/scripts/onnx/layers';

/** [B, channels, size, size] -> [B, numClasses] @throws Error when the checkpoint lacks a tensor */
export function buildDeit(graph: GraphBuilder, images: Value, config: DeitConfig): Value {
  const { depth, embedDim, numHeads, normEps, distilled } = config;
  const tokens = numTokens(config);
  let x = embed(graph, images, config); // [B, N, C]
  for (let i = 0; i < depth; i++) {
    const key = `blocks.${i}`;
    const normed = layerNorm(graph, x, `${key}.norm1`, normEps);
    x = graph.apply('Add', [x, attention(graph, normed, { key: `${key}.attn`, tokens, embedDim, numHeads })]);
    x = graph.apply('Add', [x, mlp(graph, layerNorm(graph, x, `${key}.norm2`, normEps), `${key}.mlp`)]);
  }
  const normed = layerNorm(graph, x, 'norm', normEps);
  const votes = (distilled ? ['head', 'head_dist'] : ['head']).map((key, i) => {
    const token = graph.apply('Gather', [normed, graph.integers([i])], { axis: 1 }); // [B, 1, C]
    return head(graph, graph.reshape(token, [-1, embedDim]), key); // [B, numClasses]
  });
  return graph.apply('Mean', votes);
}

/** tokens = [cls, (dist,) patches] + position */
function embed(graph: GraphBuilder, images: Value, { patchSize, embedDim, distilled }: DeitConfig): Value {
  const patches = patchEmbed(graph, images, patchSize, embedDim); // [B, patches, C]
  const batch = graph.apply('Shape', [images], { start: 0, end: 1 }); // [1]
  const shape = graph.apply('Concat', [batch, graph.integers([1, embedDim])], { axis: 0 });
  const names = distilled ? ['cls_token', 'dist_token'] : ['cls_token'];
  const classTokens = names.map((name) => graph.apply('Expand', [graph.weight(name), shape])); // [B, 1, C] each
  return graph.apply('Add', [graph.apply('Concat', [...classTokens, patches], { axis: 1 }), graph.weight('pos_embed')]);
}
