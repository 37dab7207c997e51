import { useMemo } from 'react';
import { AlphaCurves, type AlphaCurve } from '@/components/charts/alpha-curves';
import { ColorLegend } from '@/components/charts/color-legend';
import { KeyBars } from '@/components/charts/key-bars';
import { MatrixMap } from '@/components/charts/matrix-map';
import { niceTopOf } from '@/components/charts/nice-top';
import { AlphaControl } from '@/components/panels/gradient/alpha-control';
import { MicroscopeNumbers } from '@/components/panels/gradient/microscope-numbers';
import { microscopeRow, type MicroscopeRow } from '@/components/panels/gradient/microscope-row';
import { SteWindow } from '@/components/panels/gradient/ste-window';
import { MODEL_NAMES } from '@/components/panels/model-names';
import { GEOMETRY, placeLabel, tokenLabel, type RowPlace } from '@/components/panels/trace-row';
import { softmaxCurve, softmaxMicroscope } from '@/lib/metrics/softmax-microscope';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import { MODEL_IDENTITY } from '@/lib/viz/model-identity';
import { ALPHA_RANGE, type ModelGradients } from '@/lib/worker/analysis';
import { FAMILY, type ModelId } from '@/lib/worker/protocol';
import classes from './microscope.module.css';

const KEYS = Array.from({ length: FAMILY.tokens }, (_, token) => tokenLabel(token));
const PATCH_ROWS = Array.from({ length: GEOMETRY.rows }, (_, row) => GEOMETRY.classTokens + row * GEOMETRY.columns);
/** 40 points a decade, 1 among them. */
const ALPHAS = Array.from({ length: 161 }, (_, i) => 10 ** (-2 + i / 40));

export interface MicroscopeBodyProps {
  /** `null` while this model is not loaded. */
  readonly gradients: ModelGradients | null;
  readonly modelId: ModelId;
  readonly place: RowPlace;
  readonly alpha: number;
  readonly onAlpha: (alpha: number) => void;
}

/** Everything that moves with alpha, and the quantizers' windows beside it. */
export function MicroscopeBody({ gradients, modelId, place, alpha, onAlpha }: MicroscopeBodyProps) {
  const { layer, head, query } = place;
  const trace = gradients?.trace ?? null;
  const row = useMemo(
    () => (trace === null ? null : microscopeRow(trace, { layer, head, query })),
    [trace, layer, head, query],
  );
  if (trace === null || row === null) return <p>{MODEL_NAMES[modelId]} has no gradients here.</p>;
  return (
    <>
      <ScaledRow row={row} modelId={modelId} place={place} alpha={alpha} onAlpha={onAlpha} />
      <SteWindow trace={trace} modelId={modelId} layer={layer} head={head} />
    </>
  );
}

interface ScaledRowProps extends Omit<MicroscopeBodyProps, 'gradients'> {
  readonly row: MicroscopeRow;
}

function ScaledRow({ row, modelId, place, alpha, onAlpha }: ScaledRowProps) {
  const { scores, gradAttention } = row;
  const curve = useMemo(() => softmaxCurve(scores, gradAttention, ALPHAS), [scores, gradAttention]);
  const curves = useMemo(() => (curve === null ? [] : curvesOf(curve)), [curve]);
  const seen = useMemo(() => softmaxMicroscope(scores, gradAttention, alpha), [scores, gradAttention, alpha]);
  if (seen === null || curve === null) return <p>n/a: a score of this row is not a finite number.</p>;

  const optimum = curve.gradScoresPeak;
  // Then it is no optimum: a larger alpha would let still more through.
  const isAtEnd = optimum?.index === ALPHAS.length - 1;
  const where = `${MODEL_NAMES[modelId]}, ${placeLabel(place)}`;
  // z and alpha z stand on one axis, so that the eye sees what alpha does.
  const scoreTop = niceTopOf(scores);
  const { color } = MODEL_IDENTITY[modelId];
  const mapScale: ColorScale = { kind: 'diverging', max: niceTopOf(seen.jacobian) };

  return (
    <>
      <AlphaControl alpha={alpha} onChange={onAlpha} optimum={optimum?.alpha ?? null} />
      <MicroscopeNumbers seen={seen} row={row} alpha={alpha} optimum={optimum} isAtEnd={isAtEnd} where={where} />
      <div className={classes.halves}>
        <KeyBars
          label={`Row of ${where}, key by key`}
          keys={KEYS}
          self={place.query}
          breaks={PATCH_ROWS}
          rows={[
            { id: 'z', name: 'z', note: 'scores, as recorded', values: scores, top: scoreTop, signed: true, color },
            {
              id: 'az',
              name: 'αz',
              note: 'what enters the softmax',
              values: seen.scaled,
              top: scoreTop,
              signed: true,
              color,
            },
            {
              id: 'p',
              name: 'p',
              note: 'attention: softmax(αz)',
              values: seen.attention,
              top: niceTopOf(seen.attention),
              signed: false,
              color,
            },
            {
              id: 'g',
              name: '∂L/∂p',
              note: 'gradient that arrives, as recorded',
              values: gradAttention,
              top: niceTopOf(gradAttention),
              signed: true,
              color: 'var(--lens-text)',
            },
            {
              id: 'dz',
              name: '∂L/∂z',
              note: 'gradient that leaves: αJ ∂L/∂p',
              values: seen.gradScores,
              top: niceTopOf(seen.gradScores),
              signed: true,
              color: 'var(--lens-text)',
            },
          ]}
        />
        <div>
          <MatrixMap
            label={`Softmax Jacobian J of ${where}`}
            symbol="J"
            values={seen.jacobian}
            keys={KEYS}
            scale={mapScale}
            header={<h3 className={classes.heading}>J = diag(p) − ppᵀ</h3>}
          />
          <ColorLegend orientation="horizontal" label="∂p / ∂(αz)" scale={mapScale} note="moves in steps with α" />
        </div>
      </div>
      <h3 className={classes.heading}>Over four decades of α</h3>
      <AlphaCurves
        label={`What gets through the softmax over α, ${where}`}
        alphas={curve.alphas}
        curves={curves}
        alpha={alpha}
        onAlpha={onAlpha}
        range={ALPHA_RANGE}
        mark={
          optimum === null
            ? null
            : { alpha: optimum.alpha, name: isAtEnd ? 'still growing' : `optimum ${formatNumber(optimum.alpha)}` }
        }
      />
    </>
  );
}

function curvesOf(curve: NonNullable<ReturnType<typeof softmaxCurve>>): readonly AlphaCurve[] {
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
