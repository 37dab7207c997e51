import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tf } from '@/lib/tf';
import { STUDENT_IDS } from '@/tests/fashion-mnist';
import { numTokens } from '@/models/architectures/deit/config';
import { deitOnly } from '@/tests/models/deit-only';
import type { Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';
import { ALL, attentionOf, NONE, repairMap, runPatched, type Patch, type Replacement } from '@/models/repair';
import { traceImage } from '@/models/trace-image';
import { describeOnEachBackend } from '@/tests/models/backends';
import { openMember, openModel, shippedPicture } from '@/tests/models/family';
import { randomImage } from '@/tests/models/random-checkpoint';

const OFFICIAL_MICRO = 'tests/golden/official_bi_deit_micro.safetensors';
const FORWARD_ONLY = { gradients: false, lossClass: 'predicted' } as const;

interface Golden {
  readonly none: ArrayLike<number>;
  readonly heads: readonly (readonly ArrayLike<number>[])[];
  readonly layers: readonly ArrayLike<number>[];
  readonly all: ArrayLike<number>;
}

const GOLDEN_PICTURES = [9, 20] as const;
/** By PyTorch in float64: tests/golden/make-repair-goldens.py. */
const GOLDENS = JSON.parse(readFileSync('tests/golden/repair.golden.json', 'utf8')) as {
  readonly [name: string]: Golden;
};

interface Case {
  readonly name: string;
  readonly open: () => Model;
  readonly picture: (model: Model) => Float32Array;
}

const QUANTIZED: readonly Case[] = [
  ...STUDENT_IDS.map((id) => ({ name: id, open: () => openMember(id), picture: () => shippedPicture(9) })),
  {
    name: 'the official micro model, with zero points',
    open: () => openModel(OFFICIAL_MICRO),
    picture: ({ config }) => randomImage(deitOnly(config), 3),
  },
];

function everyPatch(model: Model): readonly Patch[] {
  const config = deitOnly(model.config);
  const layers = Array.from({ length: config.depth }, (_, layer) => layer);
  const heads = Array.from({ length: config.numHeads }, (_, head) => head);
  return [
    NONE,
    ...layers.flatMap((layer) =>
      heads.map(
        (head): Patch =>
          (...each) =>
            each.join() === `${layer},${head}`,
      ),
    ),
    ...layers.map(
      (layer): Patch =>
        (each) =>
          each === layer,
    ),
    ALL,
  ];
}

function logitsOf(model: Model, image: Float32Array, recorder?: Recorder): Float32Array {
  const { inChannels, imageSize } = model.config;
  return tf.tidy(() =>
    Float32Array.from(model.forward(tf.tensor4d(image, [1, inChannels, imageSize, imageSize]), recorder).dataSync()),
  );
}

/** The integers and scales of the model's own attention. */
function ownAttention(model: Model, image: Float32Array): readonly Replacement[] {
  const kept: Replacement[] = [];
  logitsOf(model, image, {
    record: (_stage, tensor) => tensor,
    intervene: (stage, own) => {
      if (!stage.endsWith('.attention_binary') || own.levels === null) return own;
      const [integers, scale] = [own.levels.integers, own.levels.scale].map((t) => Float32Array.from(t.dataSync()));
      if (integers !== undefined && scale !== undefined) kept.push({ integers, scale });
      return own;
    },
  });
  return kept;
}

describeOnEachBackend('repairing the attention', (backend) => {
  it.each(QUANTIZED)(
    'of $name: without a patch the logits are the model’s own, bit for bit',
    async ({ open, picture }) => {
      const model = open();
      const image = picture(model);
      const config = deitOnly(model.config);
      const { numHeads, depth } = config;
      const nonsense: Replacement = {
        integers: Float32Array.from({ length: numHeads * numTokens(config) ** 2 }, (_, i) => (i % 11) - 3),
        scale: new Float32Array(numHeads).fill(1.7),
      };
      const replacements = Array.from({ length: depth }, () => nonsense);
      // In a batch with patched elements, and alone.
      const [none, ...others] = await runPatched(model, image, replacements, everyPatch(model));
      const [alone] = await runPatched(model, image, replacements, [NONE]);
      const own = logitsOf(model, image);
      expect(none).toEqual(own);
      expect(alone).toEqual(own);
      // The replacement has an effect: a head may be dead, most are not.
      const changed = others.filter((logits) => logits.some((logit, i) => logit !== own[i]));
      expect(changed.length).toBeGreaterThan(others.length / 2);
      model.dispose();
    },
  );

  it.each(QUANTIZED)('of $name by its own attention changes nothing, bit for bit', async ({ open, picture }) => {
    const model = open();
    const image = picture(model);
    const own = logitsOf(model, image);
    const patches = everyPatch(model);
    const all = await runPatched(model, image, ownAttention(model, image), patches);
    expect(all).toHaveLength(patches.length);
    all.forEach((logits, i) => expect(logits, `patch ${i}`).toEqual(own));
    model.dispose();
  });

  it.each(STUDENT_IDS)('of %s by the teacher gives PyTorch’s logits, head by head', async (id) => {
    const [teacher, student] = [openMember('teacher'), openMember(id)];
    // Each takes seconds on the cpu backend.
    for (const picture of GOLDEN_PICTURES.slice(0, backend === 'cpu' ? 1 : 2)) {
      const image = shippedPicture(picture);
      const map = await repairMap(student, image, await traceImage(teacher, image, FORWARD_ONLY));
      const golden = GOLDENS[`${id} ${picture}`];
      if (golden === undefined) throw new Error('no golden of that name');
      const [ours, theirs] = [flat(map), flat(golden)];
      expect(ours).toHaveLength(1 + 16 + 4 + 1);
      ours.forEach((logits, i) => expect(distance(logits, theirs[i] ?? []), `patch ${i}`).toBeLessThan(1e-3));
    }
    teacher.dispose();
    student.dispose();
  });

  it('rejects a real-valued model, a map of another size, and one that is not finite', async () => {
    const [teacher, student] = [openMember('teacher'), openMember('bi-vit')];
    const image = shippedPicture(9);
    const own = attentionOf(await traceImage(teacher, image, FORWARD_ONLY));
    const run = (model: Model, replacements: readonly Replacement[]) => runPatched(model, image, replacements, [ALL]);
    await expect(run(teacher, own)).rejects.toThrow(/Only a quantized attention/);
    await expect(run(student, own.slice(1))).rejects.toThrow(RangeError);
    await expect(
      run(
        student,
        own.map((each) => ({ ...each, scale: new Float32Array(3) })),
      ),
    ).rejects.toThrow(RangeError);
    const broken = own.map((each) => ({ ...each, scale: new Float32Array(4).fill(NaN) }));
    await expect(run(student, broken)).rejects.toThrow(/NaN or infinite/);
    await expect(runPatched(student, new Float32Array(3), own, [])).rejects.toThrow(/784 values/);
    teacher.dispose();
    student.dispose();
  });

  it('leaves no tensor behind, also when it fails', async () => {
    const [teacher, student] = [openMember('teacher'), openMember('bi-vit')];
    const image = shippedPicture(9);
    const trace = await traceImage(teacher, image, FORWARD_ONLY);
    const before = tf.memory().numTensors;
    await repairMap(student, image, trace);
    await repairMap(teacher, image, trace).catch(() => null);
    expect(tf.memory().numTensors).toBe(before);
    teacher.dispose();
    student.dispose();
  });
});

function flat({ none, heads, layers, all }: Golden): readonly ArrayLike<number>[] {
  return [none, ...heads.flat(), ...layers, all];
}

/** Largest absolute difference; infinite where the lengths differ. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN))).reduce((most, each) => Math.max(most, each), 0);
}
