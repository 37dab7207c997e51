/** The quantizers of one head: of q, k and v, of its attention, and those that other methods would put there. */
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { at, type NumberRow } from '@/lib/math/number-row';
import { roundHalfEven } from '@/lib/math/round-half-even';
import type { AttentionHead, Scales } from '@/lib/quantizers/attention/binarizer';
import { ATTENTION_BINARIZERS } from '@/lib/quantizers/attention/binarizers';
import { qKOnly } from '@/lib/quantizers/attention/q-k-only/binarizer';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { officialAlpha } from '@/lib/quantizers/by-head';
import { elastic } from '@/lib/quantizers/elastic';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import { signAlpha, type SignAlphaParameters } from '@/lib/quantizers/sign-alpha';
import { viewWithValues, type QuantizerSketch } from '@/analyses/gradient/quantizer-view';
import type { AttentionQuantizer } from '@/models/layers/attention-activation';
import type { ActivationQuantizer } from '@/models/layers/activation';

/** q, k or v; where the model leaves it real-valued, the students' quantizer with alpha at its official start. */
export async function activationView(
  side: 'q' | 'k' | 'v',
  quantizer: ActivationQuantizer,
  head: number,
  values: NumberRow,
  what: string,
): Promise<QuantizerView> {
  const sketch = { id: side, slot: side, shown: [] };
  switch (quantizer.kind) {
    case 'elastic': {
      const alpha = await ofHead(quantizer.alpha, head);
      const shown = [{ symbol: String.raw`\alpha`, value: alpha }];
      return viewWithValues(
        { ...sketch, quantizer: elastic, parameters: { alpha }, shown, marks: [0, alpha] },
        values,
        what,
      );
    }
    case 'q-k-only':
      return qKOnlyView(side, values, what, sketch);
    default: {
      // A model quantized after training has no window either: nothing was trained through it.
      const parameters: SignAlphaParameters =
        quantizer.kind === 'sign-alpha'
          ? await signAlphaOf(quantizer, head)
          : { alpha: officialAlpha(values), zeroPoint: 0, signOfZero: 1 };
      const { alpha, zeroPoint } = parameters;
      const shown = [
        { symbol: String.raw`\alpha`, value: alpha },
        { symbol: String.raw`\hat{z}`, value: zeroPoint },
      ];
      const marks = [-1, 0, 1].map((u) => alpha * (u - zeroPoint));
      return viewWithValues({ ...sketch, quantizer: signAlpha, parameters, shown, marks }, values, what);
    }
  }
}

/** The sign of q or k with its mean magnitude. */
export function qKOnlyView(
  side: 'q' | 'k' | 'v',
  values: NumberRow,
  what: string,
  where: Pick<QuantizerSketch<unknown>, 'id' | 'slot' | 'suffix'>,
): QuantizerView {
  const mu = meanMagnitude(values);
  const shown = [{ symbol: String.raw`\mu_${side}`, value: mu }];
  return viewWithValues({ ...where, quantizer: qKOnly, parameters: { mu }, shown, marks: [-1, 1] }, values, what);
}

/** The model's own first, then the others as fitted officially, over the same head. A model without one gets elastic for its own. */
export async function attentionViews(
  quantizer: AttentionQuantizer,
  index: number,
  head: AttentionHead,
  what: { readonly attention: string; readonly scores: string },
): Promise<readonly QuantizerView[]> {
  const scales = await scalesOf(quantizer, index);
  const own = scales === null ? 'elastic' : quantizer.kind;
  const views = ATTENTION_BINARIZERS.flatMap((binarizer): readonly QuantizerView[] => {
    const { id } = binarizer;
    const isOwn = id === own;
    const sketch = binarizer.sketch?.(head, isOwn ? scales : null);
    if (sketch === undefined) return [];
    const where = isOwn ? ({ id: 'attention', slot: 'attention' } as const) : ({ id, slot: 'elsewhere' } as const);
    const curve = { ...binarizerRecord(id), forward: sketch.forward, surrogate: sketch.surrogate };
    return [
      viewWithValues(
        { ...where, quantizer: curve, parameters: null, shown: sketch.shown, marks: sketch.marks },
        head[sketch.reads],
        what[sketch.reads],
        sketch.insideShare,
      ),
    ];
  });
  const isOwn = ({ slot }: QuantizerView) => slot === 'attention';
  return [...views.filter(isOwn), ...views.filter((view) => !isOwn(view))];
}

/** Its parameters for one head; `null` where the model's attention has no quantizer with fixed ones. */
async function scalesOf(quantizer: AttentionQuantizer, head: number): Promise<Scales<string, number> | null> {
  if ('scales' in quantizer) {
    const scales: { [name: string]: number } = {};
    for (const [name, scale] of Object.entries(quantizer.scales)) scales[name] = await ofHead(scale, head);
    return scales;
  }
  if (quantizer.kind === 'elastic') return { alpha: await ofHead(quantizer.alpha, head) };
  return quantizer.kind === 'sign-alpha' ? { ...(await signAlphaOf(quantizer, head)) } : null;
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
