/** A checkpoint, run here, against what PyTorch gave for it: the values of every stage, its signs, and the logits. */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import type { GoldenReport, GoldenRow } from '@/engine/protocol';
import type { ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';
import { checkParity } from '@/models/parity';

/**
 * Stage by stage, each fed with its golden input, so that an error is seen where it arises; the logits end to end.
 *
 * @param numHeads of a checkpoint that does not tell it, where the second file does not either
 * @throws CheckpointError when the second file holds no such numbers, or those of another model
 */
export async function compareWithGolden(
  checkpointBytes: Uint8Array,
  goldenBytes: Uint8Array,
  step: (done: number, total: number) => Promise<void>,
  numHeads: number | null = null,
): Promise<GoldenReport> {
  await step(0, 2);
  const golden = parseSafetensors(goldenBytes);
  const input = golden.tensors.get('input');
  const logits = golden.tensors.get('logits');
  if (input === undefined || logits === undefined) {
    throw new CheckpointError(
      'The second file has no "input" and "logits", so it is no record of what PyTorch gave. Choose the .golden file of this checkpoint.',
    );
  }
  const checkpoint = parseCheckpoint(checkpointBytes);
  const described = checkpoint.metadata.has('config') ? checkpoint : { ...checkpoint, metadata: golden.metadata };
  const config = configOf(described, numHeads === null ? {} : { numHeads });
  // Said before anything runs: half a comparison would leave its tensors behind.
  if (!fits(config, input.shape) || (golden.metadata.has('config') && !isSame(config, configOf(golden, {}))))
    throw strangers();
  const model = createModel(config, checkpoint.tensors);
  try {
    await step(1, 2);
    const { stagewise, endToEnd } = await checkParity(model, golden);
    const logitsError = endToEnd.find(({ key, kind }) => key === 'logits' && kind === 'value')?.error ?? Infinity;
    if (!Number.isFinite(logitsError)) throw strangers();
    const rows = (stagewise.length > 0 ? stagewise : endToEnd)
      .filter(({ kind }) => kind === 'value')
      .map(({ key, error, flips }): GoldenRow => ({
        stage: key,
        entries: golden.tensors.get(key)?.data.length ?? 0,
        maxError: error,
        flips,
      }));
    return { rows, logitsMaxError: logitsError, images: input.shape[0] ?? 0 };
  } finally {
    model.dispose();
  }
}

function fits({ inChannels, imageSize }: ModelConfig, shape: readonly number[]): boolean {
  const [, channels, height, width] = shape;
  return shape.length === 4 && channels === inChannels && height === imageSize && width === imageSize;
}

/** Plain data, in whatever order its fields came. */
function isSame(a: ModelConfig, b: ModelConfig): boolean {
  const text = (config: ModelConfig) => JSON.stringify(Object.entries(config).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

function strangers(): CheckpointError {
  return new CheckpointError(
    'The two files do not belong together: they are of models of different shapes. Choose the .golden file of this checkpoint.',
  );
}
