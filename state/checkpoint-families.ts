/** Families of checkpoints in this browser's cache: from the hub, or a person's own files. */
import type { CheckpointFile } from '@/engine/protocol';
import { createCheckpointCache, type CachedCheckpoint, type CheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { inputOf, numHeadsOf } from '@/lib/checkpoints/hub-config';
import { loadClassLabels } from '@/lib/images/class-labels';
import type { Preprocessing } from '@/lib/images/preprocessing';
import type { ModelConfig } from '@/models/config';
import { checkpointFamily } from '@/models/families/checkpoint-family';
import { DEFAULT_RECIPE, parseRecipe } from '@/models/recipe';
import { samplePictures, type CheckpointPlanner } from '@/state/family-loader';
import { sampleSource, type SampleEnvironment } from '@/state/sample-sources';

interface Found {
  readonly entry: CachedCheckpoint;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The planner in a browser. */
export function browserCheckpoints(environment: SampleEnvironment): CheckpointPlanner {
  const cache = createCheckpointCache(globalThis.caches ?? null, globalThis.navigator?.storage ?? null);
  return checkpointPlanner(cache, environment);
}

export function checkpointPlanner(cache: CheckpointCache, environment: SampleEnvironment): CheckpointPlanner {
  const { fetch, basePath } = environment;
  return {
    plan: async ({ family: id, student, recipe }, isOpen, notify) => {
      const found = await cache.get(id);
      if (found === null) return null;
      const trained = student === '' ? null : await cache.get(student);
      if (student !== '' && trained === null) {
        notify({
          kind: 'info',
          title: 'The student is not in this browser',
          sentence: `“${student}” is not kept here any more; the model is opened without it.`,
        });
      }
      const others = (await cache.list()).filter((entry) => entry.id !== id);
      const samples = sampleSource({ ...NO_FAMILY, id }, environment);
      const preprocessingOf = (config: ModelConfig): Preprocessing => statedOrAssumed(found.entry.configJson, config);
      return {
        request: {
          familyId: id,
          weights: isOpen ? null : fileOf(found),
          trained: trained === null ? null : fileOf(trained),
          recipe: parseRecipe(recipe) ?? DEFAULT_RECIPE,
        },
        pictures: {
          preprocessing: (config) => Promise.resolve(preprocessingOf(config)),
          samples: async (count, known) => {
            const shown = (await samples.list()).slice(0, count);
            return samplePictures(shown, (sample) => samples.image(sample, known));
          },
        },
        samples,
        familyOf: async ({ config, memberIds }) =>
          checkpointFamily({
            id,
            name: found.entry.label,
            config,
            preprocessing: preprocessingOf(config),
            classNames: (await loadClassLabels(fetch, basePath, config.numClasses)) ?? [],
            memberIds,
            trainedId: trained === null ? null : student,
          }),
        otherCheckpoints: others.map(({ id: other, label }) => ({ id: other, label })),
      };
    },
  };
}

/** A checkpoint's samples are the photographs, whatever it is. */
const NO_FAMILY = {
  samples: { kind: 'photographs' },
  classNames: [],
  config: { imageSize: 0 } as ModelConfig,
} as const;

function statedOrAssumed(configJson: string | null, { imageSize, inChannels }: ModelConfig): Preprocessing {
  const { mean, std, resize, interpolation, source } = inputOf(configJson, imageSize);
  const channels = inChannels;
  const ofChannels = (values: readonly number[]) => values.slice(0, channels);
  return {
    kind: 'photo',
    imageSize,
    channels,
    resize,
    interpolation,
    source,
    mean: ofChannels(mean),
    std: ofChannels(std),
  };
}

function fileOf({ entry, bytes }: Found): CheckpointFile {
  return { id: entry.id, label: entry.label, bytes: bytes.buffer, numHeads: numHeadsOf(entry.configJson) };
}
