/** The arguments of `npm run bench`. */
import { parseArgs } from 'node:util';
import { BENCH_MODEL_IDS } from '@/scripts/bench/bench-models';
import type { ContestRequest } from '@/scripts/bench/run-contests';
import { oneOf, positiveNumber } from '@/scripts/command';

export const RUNTIMES = ['node', 'chromium'] as const;

export interface BenchRequest {
  readonly runtimes: readonly (typeof RUNTIMES)[number][];
  readonly contests: ContestRequest;
  /** Lets Node use relaxed SIMD, as browsers do: Node 20 has it behind a flag. */
  readonly relaxed: boolean;
  /** Files. */
  readonly onnx: string | null;
  readonly json: string | null;
}

/** Slower runs are left out without `--slow`: with all of them the bench takes a quarter of an hour. */
const SLOW_MS = 6000;

/** @throws Error, a sentence for the user */
export function readBenchRequest(args: readonly string[]): BenchRequest {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: string,
      batches: { ...string, default: '1,8' },
      seconds: { ...string, default: '1.5' },
      only: { ...string, default: RUNTIMES.join() },
      slow: boolean,
      relaxed: boolean,
      onnx: string,
      json: string,
    },
  });
  const { onnx = null, json = null, relaxed, only } = values;
  const names = values.models ?? (onnx === null ? BENCH_MODEL_IDS.join() : 'deit_tiny');
  const models = names.split(',').map((name) => oneOf(name, 'model', BENCH_MODEL_IDS));
  if (onnx !== null && models.length !== 1)
    throw new Error('--onnx goes with one model, the one that it is compared with: name it with --models.');
  return {
    runtimes: only.split(',').map((name) => oneOf(name, 'runtime', RUNTIMES)),
    contests: {
      models,
      batches: values.batches.split(',').map((typed) => positiveNumber(typed, 'batches')),
      seconds: positiveNumber(values.seconds, 'seconds', false),
      slowMs: values.slow ? Infinity : SLOW_MS,
      foreignOnnx: onnx !== null,
    },
    relaxed,
    onnx,
    json,
  };
}
