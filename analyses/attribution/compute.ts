/** What each token at the end is made of: attention multiplied through, plain and weighted by one class's gradient. */
import type { RequestOf } from '@/engine/analysis';
import { register, type Compute } from '@/engine/compute';
import type { MemberId } from '@/models/families/family';
import { ROLLOUT, type Relevance } from '@/analyses/attribution/protocol';
import { gradientRollout } from '@/lib/metrics/gradient-rollout';
import type { LayerAttention } from '@/lib/metrics/layer-attention';
import { rollout } from '@/lib/metrics/rollout';
import { EngineError } from '@/engine/engine-error';
import type { Trace } from '@/engine/protocol';
import type { LayerTrace } from '@/models/trace';

/** Of every loaded model; for 'predicted' each looks at the class that it predicts itself. */
export const analyzeRollout: Compute<typeof ROLLOUT> = async ({ target, map }, { modelIds, trace, step }) => {
  const models: { [id: MemberId]: Relevance } = {};
  for (const [done, id] of modelIds.entries()) {
    await step({ what: `rollout of ${id}`, done, total: modelIds.length, partial: null });
    models[id] = relevanceOf(await trace(id, { gradients: true, loss: 'logit', lossClass: target }), map);
  }
  return { models };
};

export const rolloutCompute = register(ROLLOUT, analyzeRollout);

/**
 * Both rollouts of one trace, whose loss is a class's logit.
 *
 * @param map which attention, with the gradient by that same one; full precision has only the softmaxed
 * @throws RangeError when the gradients are missing or are not a logit's
 */
export function relevanceOf(trace: Trace, map: RequestOf<typeof ROLLOUT>['map']): Relevance {
  const { loss, numTokens: tokens, layers } = trace;
  if (layers.some(({ layout }) => layout.window !== null)) {
    throw new EngineError(
      'checkpoint',
      'A rollout multiplies maps of all tokens by all tokens, layer after layer; a Swin’s windows and merged patches have none. The other tabs show it.',
    );
  }
  if (loss?.kind !== 'logit') throw new RangeError('class-specific rollout takes the gradient of a logit');
  const chosen = layers.map((layer) => choose(layer, map));
  const attention = chosen.map(({ values, heads }): LayerAttention => ({ values, heads, tokens }));
  const gradients = chosen.map(({ gradient }) => gradient);
  return {
    classIndex: loss.classIndex,
    rollout: single(rollout(attention)),
    gradientRollout: single(gradientRollout(attention, gradients)),
  };
}

function choose(layer: LayerTrace, map: RequestOf<typeof ROLLOUT>['map']) {
  const isBinary = map === 'binarized' && layer.attentionBinary !== null;
  const values = isBinary ? layer.attentionBinary : layer.attention;
  const gradient = isBinary ? layer.gradAttentionBinary : layer.gradAttention;
  if (gradient === null) throw new RangeError('class-specific rollout takes a trace with gradients');
  return { values, gradient, heads: layer.heads };
}

/** Panels draw it: half the memory, and seven digits are enough. */
function single(relevance: Float64Array | null): Float32Array | null {
  return relevance === null ? null : Float32Array.from(relevance);
}
