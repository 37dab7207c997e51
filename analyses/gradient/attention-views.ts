/** The quantizers of one head: of q, k and v, of its attention, and those that other methods would put there. */
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { quantile } from '@/lib/math/quantile';
import { roundHalfEven } from '@/lib/math/round-half-even';
import {
  largestOf,
  officialAlpha,
  passShareOf,
  withParameters,
  type AttentionHead,
} from '@/lib/quantizers/attention-binarizer';
import { bool } from '@/lib/quantizers/bool';
import { decomposition } from '@/lib/quantizers/decomposition';
import { elastic } from '@/lib/quantizers/elastic';
import { elasticParameters } from '@/lib/quantizers/elastic-attention';
import { HIGH, HIGHEST, fitSuperposition } from '@/lib/quantizers/fit-superposition';
import { groupSuperposition, type GroupSuperpositionParameters } from '@/lib/quantizers/group-superposition';
import { qKOnly } from '@/lib/quantizers/q-k-only';
import { signAlpha, type SignAlphaParameters } from '@/lib/quantizers/sign-alpha';
import { signAlphaParameters } from '@/lib/quantizers/sign-alpha-attention';
import { softmaxAware } from '@/lib/quantizers/softmax-aware';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import type { QuantizerPlace } from '@/lib/quantizers/quantizer-view';
import { viewWithValues } from '@/analyses/gradient/quantizer-view';
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
  const onScores = (id: string): Into => ({ ...into(id), values: scores, what: what.scores });
  const starts = { sign: signAlphaParameters(head, 'official'), elastic: elasticParameters(head, 'official').alpha };
  const scales = quantizer.kind === 'group-superposition' ? await scalesOf(quantizer, index) : null;
  const views = [
    ...(await ownAndRival(quantizer, index, own, into, starts)),
    viewWithValues({ ...onScores('bool'), quantizer: bool, ...BARE, marks: [-1, 1] }, scores, what.scores),
    softmaxAwareView(onScores('softmax-aware'), head),
    groupSuperpositionView(into('group-superposition'), head, scales),
    viewWithValues(
      { ...into('decomposition'), quantizer: decomposition, ...BARE, marks: [0, 1] },
      attention,
      what.attention,
    ),
  ];
  return [...views.filter(({ place }) => place === 'attention'), ...views.filter(({ place }) => place !== 'attention')];
}

/** What goes into a quantizer, and where that stands. */
interface Into {
  readonly id: string;
  readonly place: QuantizerPlace;
  readonly values: NumberRow;
  readonly what: string;
}

const BARE = { parameters: {}, shown: [] } as const;

/** Elastic and sign: the model's own quantizer of attention first (the teacher's would be elastic), or both as rivals of another one. */
async function ownAndRival(
  quantizer: AttentionQuantizer,
  index: number,
  own: Into,
  rival: (id: string) => Into,
  starts: { readonly sign: SignAlphaParameters; readonly elastic: number },
): Promise<readonly QuantizerView[]> {
  switch (quantizer.kind) {
    case 'bool':
    case 'softmax-aware':
    case 'group-superposition':
    case 'decomposition':
      return [elasticView(rival('elastic'), starts.elastic), signAlphaView(rival('sign-alpha'), starts.sign)];
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

/** Every row has its own threshold; the curve is that of the median one. The window is the same for all. */
function softmaxAwareView({ id, place, values, what }: Into, { scores, tokens }: AttentionHead): QuantizerView {
  const largest = medianLargest(scores, tokens);
  const shown = [{ symbol: String.raw`\operatorname{median}_i \max_k s_{ik}`, value: largest }];
  const marks = [-1, 1, largest - Math.log(4)];
  return viewWithValues({ id, place, quantizer: softmaxAware, parameters: { largest }, shown, marks }, values, what);
}

type SuperpositionScales = Omit<GroupSuperpositionParameters, 'largest'>;

async function scalesOf(
  { a1, a2, a3 }: Extract<AttentionQuantizer, { readonly kind: 'group-superposition' }>,
  head: number,
): Promise<SuperpositionScales> {
  return { a1: await ofHead(a1, head), a2: await ofHead(a2, head), a3: await ofHead(a3, head) };
}

/**
 * The curve is that of the row with the median largest entry; the share inside is counted with each row's own.
 *
 * @param scales the model's; `null`: fitted to this head
 */
function groupSuperpositionView(
  { id, place, values, what }: Into,
  { attention, tokens }: AttentionHead,
  scales: SuperpositionScales | null,
): QuantizerView {
  const { a1, a2, a3 } = scales ?? fitSuperposition(attention, tokens);
  const largest = medianLargest(attention, tokens);
  const passShare = passShareOf(attention, tokens, (row) =>
    withParameters(groupSuperposition, { a1, a2, a3, largest: largestOf(row) }),
  );
  const insideShare = Array.from({ length: tokens }, (_, i) => passShare(i)).reduce((sum, x) => sum + x, 0) / tokens;
  const shown = [
    { symbol: 'a_1', value: a1 },
    { symbol: 'a_2', value: a2 },
    { symbol: 'a_3', value: a3 },
    { symbol: String.raw`\operatorname{median}_i \max_k p_{ik}`, value: largest },
  ];
  const marks = [0, a1, HIGH * largest, HIGHEST * largest];
  const parameters = { a1, a2, a3, largest };
  return viewWithValues(
    { id, place, quantizer: groupSuperposition, parameters, shown, marks },
    values,
    what,
    insideShare,
  );
}

function medianLargest(map: NumberRow, tokens: number): number {
  const largest = Array.from({ length: tokens }, (_, i) => largestOf(matrixRow(map, tokens, i)));
  return quantile(largest, 0.5) ?? NaN;
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
