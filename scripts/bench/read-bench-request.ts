/** What `npm run bench` is asked for, from its arguments. */
import { parseArgs } from 'node:util';
import type { PlaceRequest } from '@/scripts/bench/run-runtime';
import { SUBJECT_IDS } from '@/scripts/bench/bench-models';

export const PLACES = ['node', 'chromium'] as const;
export type Place = (typeof PLACES)[number];

export interface BenchRequest {
  readonly places: readonly Place[];
  readonly run: PlaceRequest;
  /** Lets Node use relaxed SIMD, as browsers do: Node 20 has it behind a flag. */
  readonly relaxed: boolean;
  /** Files. */
  readonly onnx: string | null;
  readonly json: string | null;
}

/** A run that takes longer is left out, unless asked for: with all of them the bench takes a quarter of an hour. */
const SLOW_MS = 6000;

/** @throws Error whose message is a sentence for who typed it */
export function readBenchRequest(args: readonly string[]): BenchRequest {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: string,
      batches: { ...string, default: '1,8' },
      seconds: { ...string, default: '1.5' },
      only: string,
      slow: boolean,
      relaxed: boolean,
      onnx: string,
      json: string,
    },
  });
  const onnx = values.onnx ?? null;
  const models = listOf(values.models ?? (onnx === null ? SUBJECT_IDS.join() : 'deit_tiny'), 'model', SUBJECT_IDS);
  if (onnx !== null && models.length !== 1)
    throw new Error('--onnx goes with one model, the one that it is compared with: name it with --models.');
  return {
    places: values.only === undefined ? PLACES : listOf(values.only, 'place', PLACES),
    run: {
      models,
      batches: values.batches.split(',').map((typed) => positive(typed, 'batches')),
      seconds: positive(values.seconds, 'seconds', false),
      slowMs: values.slow ? Infinity : SLOW_MS,
      foreignOnnx: onnx !== null,
    },
    relaxed: values.relaxed,
    onnx,
    json: values.json ?? null,
  };
}

function listOf<Name extends string>(typed: string, what: string, known: readonly Name[]): readonly Name[] {
  return typed.split(',').map((name) => {
    const found = known.find((each) => each === name.trim());
    if (found === undefined)
      throw new Error(`There is no ${what} "${name.trim()}"; the known ones are ${known.join(', ')}.`);
    return found;
  });
}

function positive(typed: string, what: string, whole = true): number {
  const value = Number(typed);
  if (Number.isFinite(value) && value > 0 && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${what}: "${typed}" is no ${whole ? 'whole ' : ''}number above 0.`);
}
