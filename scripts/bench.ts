/**
 * How fast whole models are, in Node and in headless Chromium, on one thread each: packed binary, the same in floats, full precision in
 * tfjs, and onnxruntime.
 *
 *     npm run bench [-- --models deit_tiny,family] [--batches 1,8] [--only node] [--seconds 1.5] [--relaxed] [--slow]
 *                   [--onnx FILE] [--json FILE]
 *
 * A contest is a model at a batch size; its contestants take turns, each for about `--seconds`. onnxruntime runs our own weights as
 * ONNX, so that outputs can be compared, or the file of `--onnx`, of which only the time is. `--slow` includes runs of over six
 * seconds. Exit status: 0, or 2 for a request that cannot be met.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { sha256 } from '@/lib/checkpoints/hash';
import { tf } from '@/lib/tf';
import { loadBenchModel, type BenchModelId } from '@/scripts/bench/bench-models';
import { describeReport, type BenchReport } from '@/scripts/bench/describe';
import { ORT_OPTIONS } from '@/scripts/bench/ort-contestant';
import { loadOrtWeb } from '@/scripts/bench/peers';
import { readBenchRequest, type BenchRequest } from '@/scripts/bench/read-bench-request';
import type { RuntimeReport } from '@/scripts/bench/run-contests';
import { benchInChromium } from '@/scripts/bench/runtime-chromium';
import { benchInNode } from '@/scripts/bench/runtime-node';
import { runCommand } from '@/scripts/command';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { exportOnnx } from '@/scripts/onnx/export-onnx';

const ONNX_FOLDER = join('.work', 'bench', 'onnx');

const onnxFile = (model: BenchModelId): string => join(ONNX_FOLDER, `${model}.onnx`);
const bytesOf = async (path: string): Promise<Uint8Array<ArrayBuffer>> => Uint8Array.from(await readFile(path));

/** @returns SHA-256 by model */
async function writeOnnx({ contests, onnx }: BenchRequest): Promise<Readonly<Record<string, string>>> {
  await mkdir(ONNX_FOLDER, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const model of contests.models) {
    const bytes = onnx === null ? await ownOnnx(model) : await bytesOf(onnx);
    await writeFile(onnxFile(model), bytes);
    hashes[model] = await sha256(bytes);
  }
  return hashes;
}

async function ownOnnx(model: BenchModelId): Promise<Uint8Array<ArrayBuffer>> {
  const { fullPrecision } = await loadBenchModel(model, (file) => bytesOf(join(CHECKPOINTS, file)));
  return exportOnnx(fullPrecision.config, fullPrecision.tensors);
}

async function settingsOf({ contests, relaxed, onnx }: BenchRequest): Promise<BenchReport['settings']> {
  const { env } = await loadOrtWeb();
  const sessions = Object.entries(ORT_OPTIONS).map(([name, value]) => `${name} ${value}`);
  return {
    tfjs: `${tf.version_core}, wasm with SIMD, one thread`,
    onnxruntime: `${env.versions.common}, web: wasm with SIMD, not relaxed, numThreads 1, no proxy; both: ${sessions.join(', ')}`,
    'models of onnxruntime': onnx ?? 'our weights, written as ONNX by scripts/onnx (opset 20)',
    'relaxed SIMD in Node': relaxed ? 'on' : 'off (--relaxed turns it on)',
    turns: `interleaved, ${contests.seconds} s a contestant; medians with quartiles; the input is uploaded before, logits are read`,
  };
}

await runCommand(async () => {
  const request = readBenchRequest(process.argv.slice(2));
  // Before anything is compiled.
  if (request.relaxed) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const load = (): number => loadavg()[0] ?? NaN;
  const before = load();
  const onnx = await writeOnnx(request);
  const runtimes: RuntimeReport[] = [];
  if (request.runtimes.includes('node'))
    runtimes.push(await benchInNode(request.contests, (model) => readFile(onnxFile(model))));
  if (request.runtimes.includes('chromium')) runtimes.push(await benchInChromium(request.contests, ONNX_FOLDER));
  const report: BenchReport = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, load: [before, load()] },
    settings: await settingsOf(request),
    onnx,
    runtimes,
  };
  for (const line of describeReport(report)) console.log(line);
  if (request.json !== null) await writeFile(request.json, `${JSON.stringify(report, null, 2)}\n`);
});
