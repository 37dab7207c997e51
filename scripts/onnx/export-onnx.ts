/** A full-precision model as an `.onnx` file, for runtimes to be compared with. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import type { ModelConfig } from '@/models/config';
import { buildDeit } from '@/scripts/onnx/deit';
import { GraphBuilder, type Value } from '@/scripts/onnx/graph-builder';
import { encodeOnnx } from '@/scripts/onnx/protobuf';
import { buildSwin } from '@/scripts/onnx/swin';

export const INPUT_NAME = 'images';
export const OUTPUT_NAME = 'logits';

/**
 * `images` [batch, channels, size, size], normalized -> `logits` [batch, numClasses]. The file bears the configuration as metadata.
 *
 * @throws Error for a binary model, whose operations ONNX does not have, and for a checkpoint that lacks a tensor
 */
export function exportOnnx(
  config: ModelConfig,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): Uint8Array<ArrayBuffer> {
  if (config.quantization !== 'none')
    throw new Error(`ONNX has no operations for "${config.quantization}"; choose a checkpoint of full precision.`);
  const graph = new GraphBuilder(tensors);
  graph.name(build(graph, INPUT_NAME, config), OUTPUT_NAME);
  const { inChannels, imageSize, numClasses } = config;
  return encodeOnnx(
    {
      name: config.architecture,
      nodes: graph.nodes,
      constants: graph.constants,
      inputs: [{ name: INPUT_NAME, shape: ['batch', inChannels, imageSize, imageSize] }],
      outputs: [{ name: OUTPUT_NAME, shape: ['batch', numClasses] }],
    },
    new Map([['config', JSON.stringify(config)]]),
  );
}

function build(graph: GraphBuilder, images: Value, config: ModelConfig): Value {
  switch (config.architecture) {
    case 'deit':
      return buildDeit(graph, images, config);
    case 'swin':
      return buildSwin(graph, images, config);
  }
}
