/**
 * Writes a full-precision model as ONNX.
 *
 *     npm run onnx -- CHECKPOINT.safetensors FILE.onnx
 *     npm run onnx -- --model deit_tiny [--seed 1] FILE.onnx
 *
 * `--model` takes the architecture's shape with weights made up from a seed. Exit status: 0, or 2 when what is asked for does not exist.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ARCHITECTURE_IDS, ARCHITECTURES } from '@/models/published';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { configOf } from '@/models/infer-config';
import { randomWeights } from '@/models/random-weights';
import { exportOnnx } from '@/scripts/onnx/export-onnx';

const USAGE = 'Usage: npm run onnx -- CHECKPOINT.safetensors FILE.onnx, or: --model deit_tiny [--seed 1] FILE.onnx';

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const target = positionals.at(-1);
  if (target === undefined || positionals.length !== (values.model === undefined ? 2 : 1)) throw new Error(USAGE);
  const bytes =
    values.model === undefined
      ? await fromCheckpoint(positionals[0] ?? '')
      : fromSeed(values.model, Number(values.seed));
  await writeFile(target, bytes);
  console.log(`${target}: ${(bytes.length / 1e6).toFixed(1)} MB`);
}

async function fromCheckpoint(path: string): Promise<Uint8Array> {
  const checkpoint = parseCheckpoint(await readFile(path));
  return exportOnnx(configOf(checkpoint), checkpoint.tensors);
}

function fromSeed(model: string, seed: number): Uint8Array {
  const id = ARCHITECTURE_IDS.find((each) => each === model);
  if (id === undefined)
    throw new Error(`There is no model "${model}"; the known ones are ${ARCHITECTURE_IDS.join(', ')}.`);
  const config = { ...ARCHITECTURES[id].config, quantization: 'none' } as const;
  return exportOnnx(config, randomWeights(config, seed));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
