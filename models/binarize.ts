/**
 * A full-precision model binarized on the spot, part by part and layer by layer, without training.
 *
 *     linears    weights s_o sign(W_oi), s_o = mean_i|W_oi|; inputs sign(x) with mean|x| of each token; the bias stays
 *     q, k, v    alpha_h sign(x / alpha_h), sign(0) = +1
 *     attention  any binarizer of `lib/quantizers`, its scales constants of the model
 *
 * Scaling factors that follow data come layer by layer from one forward in which all earlier layers are binarized already, as the released
 * code of Bi-ViT (arXiv 2305.12354) initializes itself on its first batch. Patch embedding, merging, norms and heads stay real.
 */
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { QUANTIZATIONS, type Quantization } from '@/models/quantization';
import { fitAttention, fitSigns, unitSigns, type FittedRule } from '@/models/fit-quantizers';
import { givenActivation, quantizeActivation } from '@/models/layers/activation';
import { givenAttention, quantizeAttention } from '@/models/layers/attention-activation';
import { attentionBlocks, requireImage, type Block, type Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { fullPrecisionParameters } from '@/models/precision';
import { REAL_QUANTIZERS, type LayerQuantizers } from '@/lib/quantizers/parameters';
import { isWithin, type BinarizationRecipe } from '@/models/recipe';
import { SILENT } from '@/models/recorder';

/** Awaited between layers; throwing in it cancels. */
export type BinarizationStep = (done: number, total: number) => Promise<void>;

type Drafted = { -readonly [Part in keyof LayerQuantizers]: LayerQuantizers[Part] };

/**
 * A new model from the same parameters, to be disposed by the caller; the original may be disposed before it.
 *
 * @param calibration normalized pictures, [channels * size * size] each; used by rules that follow data
 * @throws RangeError when the model is quantized already, a picture has another size, or a rule needs pictures and gets none
 */
export async function binarizeModel(
  model: Model,
  recipe: BinarizationRecipe,
  calibration: readonly Float32Array[],
  step: BinarizationStep = async () => {},
): Promise<Model> {
  const tensors = await fullPrecisionParameters(model);
  const linear: Quantization['linear'] = recipe.linears ? { kind: 'uniform', weightBits: 1, inputBits: 1 } : null;
  const student: Quantization = { ...QUANTIZATIONS.none, name: 'post-training', linear };
  const make = (given: (layer: number) => LayerQuantizers): Model =>
    createModel(model.config, tensors, student, (layer) =>
      isWithin(recipe, layer) ? { ...student, given: given(layer) } : QUANTIZATIONS.none,
    );
  const layers = attentionBlocks(model.blocks);
  if (recipe.alpha === 'one' || !followsData(recipe)) {
    await step(0, 1);
    return make((layer) => withoutData(recipe, layers[layer]?.attention.heads ?? 0));
  }
  for (const image of calibration) requireImage(image, model.config);
  if (calibration.length === 0)
    throw new RangeError('These scaling factors are fitted to pictures, and none was given.');
  // Without binarized linears the model itself is the draft.
  const draft = recipe.linears ? make(() => REAL_QUANTIZERS) : model;
  let given: ReadonlyMap<string, LayerQuantizers>;
  try {
    given = await fitLayers(draft, recipe, recipe.alpha, calibration, step);
  } finally {
    if (draft !== model) draft.dispose();
  }
  return make((layer) => given.get(layers[layer]?.name ?? '') ?? REAL_QUANTIZERS);
}

/** Whether any scaling factor is a constant fitted to pictures. */
function followsData({ qkv, attention }: BinarizationRecipe): boolean {
  return qkv || (attention !== null && !isOfQK(attention) && binarizerRecord(attention).origin !== null);
}

/** Whether q and k are binarized, with scales of each picture, and the attention left real. */
function isOfQK(attention: BinarizationRecipe['attention']): boolean {
  return attention !== null && binarizerRecord(attention).binarizes === 'q and k';
}

/** Scaling factors of 1, or none. */
function withoutData({ qkv, attention, alpha }: BinarizationRecipe, heads: number): LayerQuantizers {
  const v = qkv ? unitSigns(heads) : REAL_QUANTIZERS.v;
  // mu = 1 is a sign with alpha = 1.
  const ofMeans = alpha === 'one' ? unitSigns(heads) : ({ kind: 'q-k-only' } as const);
  const qk = isOfQK(attention) ? ofMeans : v;
  const ofAttention = attention === null ? REAL_QUANTIZERS.attention : attentionBinarizer(attention).unit(heads);
  return { q: qk, k: qk, v, attention: ofAttention };
}

/** @returns by block name */
async function fitLayers(
  draft: Model,
  recipe: BinarizationRecipe,
  rule: FittedRule,
  calibration: readonly Float32Array[],
  step: BinarizationStep,
): Promise<ReadonlyMap<string, LayerQuantizers>> {
  const given = new Map<string, LayerQuantizers>();
  const chosen = attentionBlocks(draft.blocks).filter((_, layer) => isWithin(recipe, layer));
  const last = draft.blocks.findLastIndex((block) => chosen.some(({ name }) => name === block.name));
  let tokens = embedded(draft, calibration); // [B, N, C]
  try {
    for (const [done, block] of draft.blocks.slice(0, last + 1).entries()) {
      await step(done, last + 2);
      const isChosen = chosen.some(({ name }) => name === block.name);
      const next = isChosen ? runFitting(block, tokens, recipe, rule, given) : block.run(tokens, SILENT);
      tokens.dispose();
      tokens = next;
    }
    await step(last + 1, last + 2);
    return given;
  } finally {
    tokens.dispose();
  }
}

/** Runs a block whose quantizers are real, and inserts each quantizer as soon as its inputs are known. */
function runFitting(
  block: Block,
  tokens: tf.Tensor3D,
  { qkv, attention: id }: BinarizationRecipe,
  rule: FittedRule,
  given: Map<string, LayerQuantizers>,
): tf.Tensor3D {
  const fitted: Drafted = { ...REAL_QUANTIZERS };
  let scores: tf.Tensor4D | null = null; // [B, H, N, M]
  const keep = (tensor: tf.Tensor1D) => tensor;
  const activation = (side: 'q' | 'k' | 'v', { value }: Quantized): Quantized => {
    if (side !== 'v' && isOfQK(id)) fitted[side] = { kind: 'q-k-only' };
    else if (qkv) fitted[side] = fitSigns(value, rule);
    return quantizeActivation(value, givenActivation(keep, fitted[side]));
  };
  const attention = (own: Quantized): Quantized => {
    if (id === null || scores === null) return own;
    const maps = { attention: own.value, scores };
    fitted.attention = fitAttention(maps, id, rule);
    return quantizeAttention(maps, givenAttention(keep, fitted.attention));
  };
  const output = block.run(tokens, {
    record(stage, tensor) {
      if (stage === `${block.name}.scores`) scores = tensor as tf.Tensor4D;
      return tensor;
    },
    intervene(stage, own) {
      switch (stage.slice(block.name.length + 1)) {
        case 'q_binary':
          return activation('q', own);
        case 'k_binary':
          return activation('k', own);
        case 'v_binary':
          return activation('v', own);
        case 'attention_binary':
          return attention(own);
        default:
          return own;
      }
    },
  });
  given.set(block.name, fitted);
  return output;
}

function embedded({ config, embed }: Model, images: readonly Float32Array[]): tf.Tensor3D {
  const { inChannels, imageSize } = config;
  return tf.tidy(() => {
    const rows = images.map((image) => tf.tensor4d(image, [1, inChannels, imageSize, imageSize]));
    return embed(tf.concat(rows, 0), SILENT);
  });
}
