/**
 * How fast whole models are, in Node and in headless Chromium, one thread each: packed binary beside the same in floats, full
 * precision in tfjs, and onnxruntime.
 *
 *     npm run bench [-- --models deit_tiny,family] [--batches 1,8] [--only node] [--seconds 1.5] [--relaxed] [--slow]
 *                   [--onnx FILE] [--json FILE]
 *
 * A contest is a model at a batch size; its contestants take turns round by round, each for about `--seconds`. The peers run our own
 * weights as ONNX, so that outputs can be compared; with `--onnx` they run that file, and only time is. `--slow` runs what takes
 * over six seconds a run too. Exit status: 0, or 2 when what is asked for does not exist.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { sha256 } from '@/lib/checkpoints/hash';
import { tf } from '@/lib/tf';
import { describeReport, type BenchReport } from '@/scripts/bench/describe';
import { ORT_OPTIONS } from '@/scripts/bench/ort-contestant';
import { loadOrtWeb } from '@/scripts/bench/peers';
import { benchInChromium } from '@/scripts/bench/runtime-chromium';
import { benchInNode } from '@/scripts/bench/runtime-node';
import { readBenchRequest, type BenchRequest } from '@/scripts/bench/read-bench-request';
import type { PlaceReport } from '@/scripts/bench/run-runtime';
import { loadSubject, type SubjectId } from '@/scripts/bench/bench-models';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { exportOnnx } from '@/scripts/onnx/export-onnx';

const ONNX_FOLDER = join('.work', 'bench', 'onnx');

const onnxFile = (model: SubjectId): string => join(ONNX_FOLDER, `${model}.onnx`);

/** @returns SHA-256 by model */
async function writeOnnx({ run, onnx }: BenchRequest): Promise<Readonly<Record<string, string>>> {
  await mkdir(ONNX_FOLDER, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const model of run.models) {
    const bytes = onnx === null ? await ownOnnx(model) : Uint8Array.from(await readFile(onnx));
    await writeFile(onnxFile(model), bytes);
    hashes[model] = await sha256(bytes);
  }
  return hashes;
}

async function ownOnnx(model: SubjectId): Promise<Uint8Array<ArrayBuffer>> {
  const { real } = await loadSubject(model, async (file) => Uint8Array.from(await readFile(join(CHECKPOINTS, file))));
  return exportOnnx(real.config, real.tensors);
}

async function settingsOf({ run, relaxed, onnx }: BenchRequest): Promise<BenchReport['settings']> {
  const { env } = await loadOrtWeb();
  const sessions = Object.entries(ORT_OPTIONS).map(([name, value]) => `${name} ${value}`);
  return {
    tfjs: `${tf.version_core}, wasm with SIMD, one thread`,
    onnxruntime: `${env.versions.common}, web: wasm with SIMD, not relaxed, numThreads 1, no proxy; both: ${sessions.join(', ')}`,
    'models of the peers': onnx ?? 'our weights, written as ONNX by scripts/onnx (opset 20)',
    'relaxed SIMD in Node': relaxed ? 'on' : 'off (--relaxed turns it on)',
    turns: `interleaved, ${run.seconds} s a contestant; medians with quartiles; inputs are in place, logits are read`,
  };
}

async function bench(request: BenchRequest): Promise<BenchReport> {
  // Before anything is compiled.
  if (request.relaxed) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const before = loadavg()[0] ?? NaN;
  const onnx = await writeOnnx(request);
  const places: PlaceReport[] = [];
  if (request.places.includes('node'))
    places.push(await benchInNode(request.run, (model) => readFile(onnxFile(model))));
  if (request.places.includes('chromium')) places.push(await benchInChromium(request.run, ONNX_FOLDER));
  return {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, load: [before, loadavg()[0] ?? NaN] },
    settings: await settingsOf(request),
    onnx,
    places,
  };
}

function requestOrExplain(): BenchRequest | null {
  try {
    return readBenchRequest(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return null;
  }
}

const request = requestOrExplain();
if (request !== null) {
  const report = await bench(request);
  for (const line of describeReport(report)) console.log(line);
  if (request.json !== null) await writeFile(request.json, `${JSON.stringify(report, null, 2)}\n`);
}
