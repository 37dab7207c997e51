/** The weights of a block's linears before their sign: as they are, or as they were when the signs were taken. */
import type { MemberId } from '@/models/families/family';
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { weightSign } from '@/lib/quantizers/weight-sign';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import { viewWithLatents, viewWithout, viewWithValues, type QuantizerSketch } from '@/analyses/gradient/quantizer-view';
import { attentionBlock } from '@/models/recorded-stages';
import { BLOCK_LINEARS, type BlockLinear, type Latents } from '@/models/families/latents';
import { QUANTIZATIONS } from '@/models/quantization';
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { Model } from '@/models/model';

type WeightSketch = QuantizerSketch<Parameters<typeof weightSign.forward>[1]>;

/** timm's names, as keys of a checkpoint have them. */
const OWNERS: { readonly [Linear in BlockLinear]: string } = {
  qkv: 'attn.qkv',
  proj: 'attn.proj',
  fc1: 'mlp.fc1',
  fc2: 'mlp.fc2',
};

/**
 * Real-valued weights are counted as they are. A shipped student, stored as signs, gets the histogram of its latent weights; of any
 * other only the signs are known.
 */
export async function weightViews(
  model: Model,
  modelId: MemberId,
  layer: number,
  latents: () => Promise<Latents | null>,
): Promise<readonly QuantizerView[]> {
  const isReal = model.quantization.name === 'none';
  const block = attentionBlock(model, layer).name;
  const views: QuantizerView[] = [];
  for (const linear of BLOCK_LINEARS) {
    const where = `weights of ${linear} in layer ${layer + 1}`;
    const weight = model.parameters.get(`${block}.${OWNERS[linear]}.weight`);
    if (weight !== undefined) {
      const values = Float32Array.from(await weight.data());
      const what = isReal ? `${where}; this model quantizes nothing, so this is what would happen` : `latent ${where}`;
      views.push(viewWithValues(sketchOf(model, linear, meanMagnitude(values)), values, what));
      continue;
    }
    const shipped = (await latents())?.students[modelId];
    const found = shipped?.blocks[layer]?.[linear];
    if (shipped !== undefined && found !== undefined && (await isShipped(model, shipped.headBias))) {
      const what = `latent ${where} at the end of training; the app ships their signs only`;
      views.push(viewWithLatents(sketchOf(model, linear, found.meanAbs), found, what));
    } else {
      const why =
        shipped === undefined
          ? 'The histograms of the latent weights could not be loaded; the model itself holds only their signs.'
          : 'This checkpoint holds only the signs of its weights; their latent values are unknown.';
      views.push(viewWithout(sketchOf(model, linear, 1), why));
    }
  }
  return views;
}

/** @param meanScale mean over the rows: one curve stands for all */
function sketchOf(model: Model, linear: BlockLinear, meanScale: number): WeightSketch {
  return {
    id: `${linear}-weight`,
    slot: 'weight',
    quantizer: weightSign,
    parameters: { scale: meanScale, signOfZero: signOfZeroOf(model) },
    suffix: linear,
    shown: [{ symbol: String.raw`\bar{s}`, value: meanScale }],
    marks: [-1, 1],
  };
}

/** Of the model's linears; of our own students where the model has no binary ones. */
export function signOfZeroOf({ config }: Model): SignOfZero {
  const { linear } = QUANTIZATIONS[config.quantization];
  return linear?.kind === 'binary' ? linear.signOfZero : 1;
}

/** The latents belong to one training run: another checkpoint under the same id has another head. */
async function isShipped(model: Model, headBias: readonly number[]): Promise<boolean> {
  const bias = await model.parameters.get('head.bias')?.data();
  return bias !== undefined && bias.length === headBias.length && headBias.every((b, i) => Math.fround(b) === bias[i]);
}
