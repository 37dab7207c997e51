/** A full-precision model as an `.onnx` file, to compare runtimes with. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import type { ModelConfig } from '@/models/config';
import { buildDeit } from '@/scripts/onnx/deit';
import { GraphBuilder, type Value } from '@/scripts/onnx/graph-builder';
import { encodeOnnx, valueInfo } from '@/scripts/onnx/protobuf';
import { buildSwin } from '@/scripts/onnx/swin';

export const INPUT_NAME = 'images';
export const OUTPUT_NAME = 'logits';

type Build<Config> = (graph: GraphBuilder, images: Value, config: Config) => Value;

const BUILDERS: {
  readonly [A in ModelConfig['architecture']]: Build<Extract<ModelConfig, { readonly architecture: A }>>;
} = { deit: buildDeit, swin: buildSwin };

/**
 * `images` [batch, channels, size, size], normalized -> `logits` [batch, numClasses]. The file carries the configuration as metadata.
 *
 * @throws Error for a binary model, whose operations ONNX does not have, and for a checkpoint that lacks a tensor
 */
export function exportOnnx(
  config: ModelConfig,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): Uint8Array<ArrayBuffer> {
  if (config.quantization !== 'none')
    throw new Error(`ONNX has no operations for "${config.quantization}"; choose a full-precision checkpoint.`);
  const build = BUILDERS[config.architecture] as Build<ModelConfig>; // only given its own configurations
  const graph = new GraphBuilder(tensors);
  graph.name(build(graph, INPUT_NAME, config), OUTPUT_NAME);
  const { inChannels, imageSize, numClasses } = config;
  return encodeOnnx(
    {
      name: config.architecture,
      node: graph.nodes,
      initializer: graph.constants,
      input: [valueInfo(INPUT_NAME, ['batch', inChannels, imageSize, imageSize])],
      output: [valueInfo(OUTPUT_NAME, ['batch', numClasses])],
    },
    new Map([['config', JSON.stringify(config)]]),
  );
}
