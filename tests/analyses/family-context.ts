/** The embedded family in Node, and what an analysis finds in the worker, made by hand. */
import type { MemberId } from '@/models/families/family';
import { readFileSync } from 'node:fs';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { bytesToUnit, normalizeGrey } from '@/lib/images/grey28';
import { joinSamples, parseIdxImages, parseIdxLabels, type Sample } from '@/lib/images/samples';
import { selectBackend, setWasmDirectory } from '@/lib/tf';
import type { AnalysisContext } from '@/engine/analysis-context';
import { parseLatents } from '@/models/families/latents';
import { type Trace } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { traceImage } from '@/models/trace-image';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { INFO } from '@/tests/engine/fakes';

export type Family = ReadonlyMap<MemberId, Model>;

/** The family on the wasm backend. The caller disposes the models. */
export async function startFamily(ids?: readonly MemberId[]): Promise<Family> {
  setWasmDirectory(WASM_DIRECTORY);
  await selectBackend('wasm');
  return openFamily(ids);
}

/** A backend must run. The caller disposes the models. */
export function openFamily(ids: readonly MemberId[] = MODEL_IDS): Family {
  return new Map(
    ids.map((id) => {
      const checkpoint = parseSafetensors(readFileSync(`${CHECKPOINTS}/${id}.safetensors`));
      return [id, createModel(configOf(checkpoint), checkpoint.tensors)];
    }),
  );
}

export function closeFamily(family: Family): void {
  for (const model of family.values()) model.dispose();
}

export function openGolden(id: MemberId): Checkpoint {
  return parseSafetensors(readFileSync(`${CHECKPOINTS}/goldens/${id}.golden.safetensors`));
}

export function openSamples(): readonly Sample[] {
  const file = (kind: 'images-idx3' | 'labels-idx1') =>
    readFileSync(`${CHECKPOINTS}/samples/fashion-mnist-1000-${kind}-ubyte`);
  return joinSamples(parseIdxImages(file('images-idx3')), parseIdxLabels(file('labels-idx1')));
}

export function imageOf({ bytes }: Sample): Float32Array {
  return normalizeGrey(bytesToUnit(bytes)); // [28 * 28]
}

/** Traces afresh every time and hands on what `alter` makes of it; `steps` gets what was reported. */
export function contextOf<Result>(
  family: Family,
  image: Float32Array,
  steps: string[] = [],
  alter: (trace: Trace, id: MemberId) => Trace = (trace) => trace,
): AnalysisContext<Result> {
  const model = (id: MemberId): Model => {
    const found = family.get(id);
    if (found === undefined) throw new Error(`${id} is not loaded`);
    return found;
  };
  return {
    image,
    config: DEFAULT_FAMILY.config,
    studentIds: [...family.keys()].filter((id) => id !== 'teacher'),
    modelIds: [...family.keys()],
    model,
    trace: async (id, options) => alter(await traceImage(model(id), image, options), id),
    samples: (count) =>
      Promise.resolve(
        openSamples()
          .slice(0, count)
          .map((sample) => ({ pixels: imageOf(sample), label: sample.label })),
      ),
    latents: () => Promise.resolve(parseLatents(readFileSync(`${CHECKPOINTS}/latents.json`, 'utf8'))),
    info: () => INFO,
    now: () => performance.now(),
    step: ({ what }) => {
      steps.push(what);
      return Promise.resolve();
    },
  };
}
