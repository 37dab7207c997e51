import { expect, it } from 'vitest';
import { layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { binarizeModel } from '@/models/binarize';
import { attentionBlocks, type Model } from '@/models/model';
import { DEFAULT_RECIPE, type BinarizationRecipe } from '@/models/recipe';
import { NONE, repairMap, runPatched, type Replacement } from '@/models/repair';
import { traceImage } from '@/models/trace-image';
import { describeOnEachBackend } from '@/tests/models/backends';
import { openModel } from '@/tests/models/family';
import { randomImage } from '@/tests/models/random-checkpoint';

const FORWARD_ONLY = { gradients: false, lossClass: 'predicted' } as const;
/** The attention alone: q, k, v and the linears are the teacher's. */
const ATTENTION_ONLY: BinarizationRecipe = { ...DEFAULT_RECIPE, qkv: false, alpha: 'one' };

const logitsOf = (model: Model, image: Float32Array): Float32Array => {
  const { inChannels, imageSize } = model.config;
  return tf.tidy(() =>
    Float32Array.from(model.forward(tf.tensor4d(image, [1, inChannels, imageSize, imageSize])).dataSync()),
  );
};

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

describeOnEachBackend('repairing the attention of windows', () => {
  it('leaves the model unchanged, bit for bit, where nothing is patched, whatever else is in the batch', async () => {
    const model = openModel('tests/golden/official_bi_swin_micro.safetensors');
    const image = randomImage(model.config, 5);
    const replacements = attentionBlocks(model.blocks).map(({ attention: { heads, layout } }): Replacement => ({
      integers: Float32Array.from({ length: heads * layoutRows(layout) * layoutKeys(layout) }, (_, i) => (i % 11) - 3),
      scale: new Float32Array(heads).fill(1.7),
    }));
    const [none, layer] = await runPatched(model, image, replacements, [NONE, (each) => each === 1]);
    expect(none).toEqual(logitsOf(model, image));
    expect(layer).not.toEqual(none);
    model.dispose();
  });

  it('gives the teacher’s logits for a student that is binarized nowhere else, and repairs its first layers one by one', async () => {
    const teacher = openModel('tests/golden/swin_micro.safetensors');
    const image = randomImage(teacher.config, 6);
    const student = await binarizeModel(teacher, ATTENTION_ONLY, []);
    const trace = await traceImage(teacher, image, FORWARD_ONLY);
    const map = await repairMap(student, image, trace);
    const own = logitsOf(teacher, image);
    expect(distance(map.none, own)).toBeGreaterThan(1e-2);
    expect(distance(map.all, own)).toBeLessThan(1e-4);
    expect(map.heads.map((layer) => layer.length)).toEqual([2, 2, 4, 4]);

    // With both heads of the first layer repaired, whose inputs are the teacher’s: the student that is binarized from the second on.
    const later = await binarizeModel(teacher, { ...ATTENTION_ONLY, layers: { from: 1, to: 3 } }, []);
    expect(distance(map.layers[0] ?? new Float32Array(), logitsOf(later, image))).toBeLessThan(1e-4);
    for (const model of [teacher, student, later]) model.dispose();
  });
});
