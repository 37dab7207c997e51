/**
 * Compares a checkpoint, run by this code, with what PyTorch computed from it.
 *
 *     npm run parity -- CHECKPOINT.safetensors GOLDEN.safetensors [--backend cpu|wasm]
 *
 * Prints a line for each stage and gradient, first stage by stage and then end to end, and one JSON object as the last line.
 * Exit status: 0 within tolerance, 1 not, 2 when the files cannot be used.
 */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { parseConfig, type ModelConfig } from '@/models/config';
import { createModel } from '@/models/create-model';
import { configOf } from '@/models/infer-config';
import { checkParity } from '@/models/parity';
import { runCommand } from '@/scripts/command';
import { startBackend, startKernels } from '@/scripts/node-tfjs';
import { describe, summarize } from '@/scripts/parity/report';

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { backend: { type: 'string', default: 'wasm' } },
  });
  const [checkpointPath, goldenPath, ...rest] = positionals;
  if (checkpointPath === undefined || goldenPath === undefined || rest.length > 0)
    throw new Error('Usage: npm run parity -- CHECKPOINT.safetensors GOLDEN.safetensors [--backend cpu|wasm]');

  const backend = await startBackend(values.backend);
  const kernels = await startKernels();
  if (kernels.kind === 'absent') console.log(kernels.reason);

  const checkpoint = parseCheckpoint(await readFile(checkpointPath));
  const golden = parseSafetensors(await readFile(goldenPath));
  const config = sharedConfig(checkpoint, golden);
  console.log(`${checkpointPath} on ${backend}: ${JSON.stringify(config)}`);
  const model = createModel(config, checkpoint.tensors);
  const report = await checkParity(model, golden);
  model.dispose();

  for (const line of describe(report)) console.log(line);
  const summary = summarize(report);
  console.log(JSON.stringify(summary));
  return summary.ok ? 0 : 1;
});

/** The configuration of both; either may leave it to the other, or to the shapes. */
function sharedConfig(checkpoint: Checkpoint, golden: Checkpoint): ModelConfig {
  const config = configOf({ ...checkpoint, metadata: new Map([...golden.metadata, ...checkpoint.metadata]) });
  const ofGolden = golden.metadata.get('config');
  if (ofGolden !== undefined && !isDeepStrictEqual(parseConfig(ofGolden), config))
    throw new Error("The golden is of another model: its configuration differs from the checkpoint's.");
  return config;
}
