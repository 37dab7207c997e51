import type { MemberId } from '@/models/families/family';
import { ALPHA_RANGE, type ModelGradients } from '@/analyses/gradient/protocol';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { AlphaCurves, type AlphaCurve } from '@/components/charts/alpha-curves';
import { ColorLegend } from '@/components/charts/color-legend';
import { KeyBars, type KeyBarsRow } from '@/components/charts/key-bars';
import { MatrixMap } from '@/components/charts/matrix-map';
import { niceTopOf } from '@/lib/viz/nice-top';
import { AlphaControl } from '@/analyses/gradient/alpha-control';
import { MicroscopeNumbers } from '@/analyses/gradient/microscope-numbers';
import { microscopeRow, type MicroscopeRow } from '@/analyses/gradient/microscope-row';
import { SteWindow } from '@/analyses/gradient/ste-window';
import { modelName } from '@/components/analysis/model-names';
import { useStages } from '@/components/charts/use-stages';
import { placeLabel, type RowPlace } from '@/components/analysis/trace-row';
import {
  softmaxCurve,
  softmaxMicroscope,
  type SoftmaxCurve,
  type SoftmaxMicroscope,
} from '@/lib/metrics/softmax-microscope';
import type { ColorScale } from '@/lib/viz/color-scale';
import { useAppState } from '@/state/use-app-state';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import { modelIdentity } from '@/lib/viz/model-identity';
import classes from './microscope.module.css';

/** 40 points a decade, 1 among them. */
const ALPHAS = Array.from({ length: 161 }, (_, i) => 10 ** (-2 + i / 40));

/** Numbers, bars, Jacobian, curves, windows. */
const STAGES = 5;

const JACOBIAN_HEADING = <h3 className={classes.heading}>J = diag(p) − ppᵀ</h3>;

export interface MicroscopeBodyProps {
  /** `null` while this model is not loaded. */
  readonly gradients: ModelGradients | null;
  readonly modelId: MemberId;
  readonly place: RowPlace;
}

/** Everything that moves with alpha, and the quantizers' windows beside it. */
export function MicroscopeBody({ gradients, modelId, place }: MicroscopeBodyProps) {
  const { layer, head, query } = place;
  const family = useAppState((state) => state.family);
  const [alpha, setAlpha] = useState<number>(ALPHA_RANGE.start);
  const trace = gradients?.trace ?? null;
  const row = useMemo(
    () => (trace === null ? null : microscopeRow(trace, { layer, head, query }, family)),
    [trace, layer, head, query, family],
  );
  const stage = useStages(STAGES);
  if (trace === null || row === null) return <p>{modelName(modelId)} has no gradients here.</p>;
  return (
    <>
      <ScaledRow row={row} modelId={modelId} place={place} alpha={alpha} onAlpha={setAlpha} stage={stage} />
      {stage === STAGES && <SteWindow trace={trace} modelId={modelId} layer={layer} head={head} />}
    </>
  );
}

interface ScaledRowProps {
  readonly row: MicroscopeRow;
  readonly modelId: MemberId;
  readonly place: RowPlace;
  readonly alpha: number;
  readonly onAlpha: (alpha: number) => void;
  readonly stage: number;
}

function ScaledRow({ row, modelId, place, alpha, onAlpha, stage }: ScaledRowProps) {
  const { scores, gradAttention, keys } = row;
  const family = useAppState((state) => state.family);
  const curve = useMemo(() => softmaxCurve(scores, gradAttention, ALPHAS), [scores, gradAttention]);
  const curves = useMemo(() => (curve === null ? [] : curvesOf(curve)), [curve]);
  const seen = useMemo(() => softmaxMicroscope(scores, gradAttention, alpha), [scores, gradAttention, alpha]);
  // The handle and the bars follow a drag at once, the numbers and the map when there is time.
  const settled = useDeferredValue(useMemo(() => ({ seen, alpha }), [seen, alpha]));
  const bars = useMemo(() => (seen === null ? [] : barsOf(row, seen, modelId)), [row, seen, modelId]);
  if (seen === null || settled.seen === null || curve === null)
    return <p>n/a: a score of this row is not a finite number.</p>;

  const optimum = curve.gradScoresPeak;
  // Then it is no optimum: a larger alpha would let still more through.
  const isAtEnd = optimum?.index === ALPHAS.length - 1;
  const where = `${modelName(modelId)}, ${placeLabel(place, family)}`;
  const mark =
    optimum === null
      ? null
      : { alpha: optimum.alpha, name: isAtEnd ? 'still growing' : `optimum ${formatNumber(optimum.alpha)}` };

  return (
    <>
      <AlphaControl alpha={alpha} onChange={onAlpha} optimum={optimum?.alpha ?? null} />
      <MicroscopeNumbers
        seen={settled.seen}
        row={row}
        curve={curve}
        alpha={settled.alpha}
        isAtEnd={isAtEnd}
        where={where}
      />
      <div className={classes.halves}>
        {stage > 1 && (
          <KeyBars label={`Row of ${where}, key by key`} keys={keys} self={row.self} breaks={row.breaks} rows={bars} />
        )}
        {stage > 2 && <JacobianMap jacobian={settled.seen.jacobian} keys={keys} where={where} />}
      </div>
      <h3 className={classes.heading}>Over four decades of α</h3>
      {stage > 3 && (
        <AlphaCurves
          label={`What gets through the softmax over α, ${where}`}
          alphas={curve.alphas}
          curves={curves}
          alpha={alpha}
          onAlpha={onAlpha}
          range={ALPHA_RANGE}
          mark={mark}
        />
      )}
    </>
  );
}

interface JacobianMapProps {
  readonly jacobian: Float64Array; // [N, N]
  readonly keys: readonly string[];
  readonly where: string;
}

const JacobianMap = memo(function JacobianMap({ jacobian, keys, where }: JacobianMapProps) {
  const scale = useMemo((): ColorScale => ({ kind: 'diverging', max: niceTopOf(jacobian) }), [jacobian]);
  return (
    <div>
      <MatrixMap
        label={`Softmax Jacobian J of ${where}`}
        symbol="J"
        values={jacobian}
        keys={keys}
        scale={scale}
        header={JACOBIAN_HEADING}
      />
      <ColorLegend label="∂p / ∂(αz)" scale={scale} note="its ends move in steps with α" />
    </div>
  );
});

/** Forward in the model's colour, backward in the colour of text. */
function barsOf(row: MicroscopeRow, seen: SoftmaxMicroscope, modelId: MemberId): readonly KeyBarsRow[] {
  const { color } = modelIdentity(modelId);
  // z and alpha z stand on one axis, so that the eye sees what alpha does.
  const scoreTop = niceTopOf(row.scores);
  const forward = { color, signed: true } as const;
  const backward = { color: 'var(--lens-text)', signed: true } as const;
  const own = (values: Float32Array | Float64Array) => ({ values, top: niceTopOf(values) });
  return [
    { id: 'z', name: 'z', note: 'scores, as recorded', values: row.scores, top: scoreTop, ...forward },
    { id: 'az', name: 'αz', note: 'what enters the softmax', values: seen.scaled, top: scoreTop, ...forward },
    { id: 'p', name: 'p', note: 'attention: softmax(αz)', ...own(seen.attention), color, signed: false },
    { id: 'g', name: '∂L/∂p', note: 'gradient that arrives, as recorded', ...own(row.gradAttention), ...backward },
    { id: 'dz', name: '∂L/∂z', note: 'gradient that leaves: αJ ∂L/∂p', ...own(seen.gradScores), ...backward },
  ];
}

function curvesOf(curve: SoftmaxCurve): readonly AlphaCurve[] {
  return [
    {
      id: 'gradient',
      name: '|∂L/∂z|',
      values: curve.gradScoresNorms,
      unit: 'of-peak',
      color: 'var(--lens-accent)',
      dash: null,
      marker: 'circle',
      format: (value) => formatNumber(value),
    },
    {
      id: 'jacobian',
      name: '‖αJ‖',
      values: curve.scaledJacobianNorms,
      unit: 'of-peak',
      color: 'var(--lens-model-ranking)',
      dash: '7 3',
      marker: 'triangle',
      format: (value) => formatNumber(value),
    },
    {
      id: 'dead',
      name: 'dead share',
      values: curve.deadShares,
      unit: 'share',
      color: 'var(--lens-text)',
      dash: '2 3',
      marker: 'square',
      format: (value) => formatPercent(value),
    },
  ];
}
