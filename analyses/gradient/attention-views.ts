/** The quantizers of one head: of q, k and v, of its attention, and those that other methods would put there. */
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { at, type NumberRow } from '@/lib/math/number-row';
import { roundHalfEven } from '@/lib/math/round-half-even';
import {
  officialAlpha,
  type AttentionBinarizer,
  type AttentionHead,
  type HeadScales,
  type HeadSketch,
} from '@/lib/quantizers/attention-binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention-binarizers';
import { elastic } from '@/lib/quantizers/elastic';
import { elasticParameters } from '@/lib/quantizers/elastic-attention';
import { qKOnly } from '@/lib/quantizers/q-k-only';
import type { QuantizerPlace, QuantizerView } from '@/lib/quantizers/quantizer-view';
import { signAlpha, type SignAlphaParameters } from '@/lib/quantizers/sign-alpha';
import { signAlphaParameters } from '@/lib/quantizers/sign-alpha-attention';
import { viewWithValues } from '@/analyses/gradient/quantizer-view';
import type { ListedQuantizer } from '@/models/layers/attention-activation';
import type { Model } from '@/models/model';

type Quantizers = NonNullable<Model['blocks'][number]['quantizers']>;
type ActivationQuantizer = Quantizers['qAct'];
type AttentionQuantizer = Quantizers['attnAct'];

/** q, k or v; where the model leaves it real-valued, the students' quantizer with alpha at its official start. */
export async function activationView(
  side: 'q' | 'k' | 'v',
  quantizer: ActivationQuantizer,
  head: number,
  values: NumberRow,
  what: string,
): Promise<QuantizerView> {
  const into: Into = { id: side, place: side, values, what };
  switch (quantizer.kind) {
    // Those of a model quantized after training have no window either: nothing was trained through them.
    case 'real':
    case 'uniform':
    case 'unsigned':
    case 'fitted-elastic':
      return signAlphaView(into, { alpha: officialAlpha(values), zeroPoint: 0, signOfZero: 1 });
    case 'sign-alpha':
      return signAlphaView(into, await signAlphaOf(quantizer, head));
    case 'elastic':
      return elasticView(into, await ofHead(quantizer.alpha, head));
    case 'q-k-only': {
      const mu = meanMagnitude(values);
      const shown = [{ symbol: String.raw`\mu_${side}`, value: mu }];
      return viewWithValues({ ...into, quantizer: qKOnly, parameters: { mu }, shown, marks: [-1, 1] }, values, what);
    }
  }
}

/** The model's own first, then the others at the official start, over the same head. */
export async function attentionViews(
  quantizer: AttentionQuantizer,
  index: number,
  head: AttentionHead,
  what: { readonly attention: string; readonly scores: string },
): Promise<readonly QuantizerView[]> {
  const { attention, scores } = head;
  const own: Into = { id: 'attention', place: 'attention', values: attention, what: what.attention };
  const into = (id: string): Into => (quantizer.kind === id ? own : { ...own, id, place: 'elsewhere' });
  const starts = { sign: signAlphaParameters(head, 'official'), elastic: elasticParameters(head, 'official').alpha };
  const scales = 'scales' in quantizer ? await scalesOf(quantizer, index) : null;
  const listed = ATTENTION_BINARIZERS.flatMap((binarizer) => {
    const { id, inModel } = binarizer;
    if (inModel === null) return [];
    const sketch = inModel.sketch(head, quantizer.kind === id ? scales : null);
    return [
      listedView(into(id), binarizer, sketch, sketch.reads === 'scores' ? { values: scores, what: what.scores } : own),
    ];
  });
  const views = [...(await ownAndRival(quantizer, index, own, into, starts)), ...listed];
  return [...views.filter(({ place }) => place === 'attention'), ...views.filter(({ place }) => place !== 'attention')];
}

/** What goes into a quantizer, and where that stands. */
interface Into {
  readonly id: string;
  readonly place: QuantizerPlace;
  readonly values: NumberRow;
  readonly what: string;
}

/** Elastic and sign: the model's own quantizer of attention first (the teacher's would be elastic), or both as rivals of another one. */
async function ownAndRival(
  quantizer: AttentionQuantizer,
  index: number,
  own: Into,
  rival: (id: string) => Into,
  starts: { readonly sign: SignAlphaParameters; readonly elastic: number },
): Promise<readonly QuantizerView[]> {
  if ('scales' in quantizer)
    return [elasticView(rival('elastic'), starts.elastic), signAlphaView(rival('sign-alpha'), starts.sign)];
  switch (quantizer.kind) {
    case 'real':
    case 'q-k-only':
    case 'uniform':
    case 'unsigned':
    case 'fitted-elastic':
      return [elasticView(own, starts.elastic), signAlphaView(rival('sign-alpha'), starts.sign)];
    case 'elastic':
      return [elasticView(own, await ofHead(quantizer.alpha, index)), signAlphaView(rival('sign-alpha'), starts.sign)];
    case 'sign-alpha':
      return [signAlphaView(own, await signAlphaOf(quantizer, index)), elasticView(rival('elastic'), starts.elastic)];
  }
}

function signAlphaView({ id, place, values, what }: Into, parameters: SignAlphaParameters): QuantizerView {
  const { alpha, zeroPoint } = parameters;
  const shown = [
    { symbol: String.raw`\alpha`, value: alpha },
    { symbol: String.raw`\hat{z}`, value: zeroPoint },
  ];
  const marks = [-1, 0, 1].map((u) => alpha * (u - zeroPoint));
  return viewWithValues({ id, place, quantizer: signAlpha, parameters, shown, marks }, values, what);
}

function elasticView({ id, place, values, what }: Into, alpha: number): QuantizerView {
  const shown = [{ symbol: String.raw`\alpha`, value: alpha }];
  return viewWithValues(
    { id, place, quantizer: elastic, parameters: { alpha }, shown, marks: [0, alpha] },
    values,
    what,
  );
}

/** A binarizer with code of its own, as it draws itself. */
function listedView(
  { id, place }: Into,
  { name, bits, equation, source }: AttentionBinarizer,
  { shown, marks, insideShare, forward, surrogate }: HeadSketch,
  { values, what }: Pick<Into, 'values' | 'what'>,
): QuantizerView {
  const quantizer = { name, bits, equation, source, forward, surrogate };
  return viewWithValues({ id, place, quantizer, parameters: {}, shown, marks }, values, what, insideShare);
}

async function scalesOf({ scales }: ListedQuantizer, head: number): Promise<HeadScales<number>> {
  const values: { [name: string]: number } = {};
  for (const [name, scale] of Object.entries(scales)) values[name] = await ofHead(scale, head);
  return values;
}

async function signAlphaOf(
  { alpha, zeroPoint, signOfZero }: Extract<ActivationQuantizer, { readonly kind: 'sign-alpha' }>,
  head: number,
): Promise<SignAlphaParameters> {
  const shift = zeroPoint === null ? 0 : roundHalfEven(await ofHead(zeroPoint, head));
  return { alpha: await ofHead(alpha, head), zeroPoint: shift, signOfZero };
}

/** @throws RangeError for a head without a parameter */
async function ofHead(parameter: { readonly data: () => Promise<ArrayLike<number>> }, head: number): Promise<number> {
  return at(await parameter.data(), head);
}
