'use client';

import type { MemberId } from '@/models/families/family';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { attentionScale } from '@/components/analysis/locked-scale';
import { metricCard } from '@/components/analysis/metric-card';
import { modelName } from '@/components/analysis/model-names';
import { tokenLabel } from '@/components/analysis/trace-row';
import { Explained } from '@/components/ui/explained';
import { formatPercent } from '@/lib/viz/format';
import { gradientRolloutFormula } from '@/lib/metrics/gradient-rollout';
import { rolloutFormula } from '@/lib/metrics/rollout';
import { tokenCount } from '@/lib/viz/patch-geometry';
import { hiddenBelow, isOwnOnly, sharedTop, strongestOther } from './relevance';
import classes from './rollout-panel.module.css';

/** Which of the two rollouts. */
export type RolloutMethod = 'rollout' | 'gradient';

export const ROLLOUT_METHODS: {
  readonly [Method in RolloutMethod]: { readonly name: string; readonly formula: typeof rolloutFormula };
} = {
  rollout: { name: 'rollout', formula: rolloutFormula },
  gradient: { name: 'gradient-weighted rollout', formula: gradientRolloutFormula },
};

interface RelevanceMapProps {
  readonly id: MemberId;
  readonly method: RolloutMethod;
  /** Of the model's own request: the one predicted may differ from model to model. */
  readonly className: string;
  readonly row: Float32Array | null; // [N]
  /** Of the locked scale; `null`: the model's own. */
  readonly top: number | null;
  /** Relevance below this share of the top is hidden, 0..1. */
  readonly threshold: number;
  readonly settings: Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;
}

/** One model's rollout of one query over the picture, or why there is none. */
export function RelevanceMap({ id, method, className, row, top, threshold, settings }: RelevanceMapProps) {
  const { name, formula } = ROLLOUT_METHODS[method];
  const { query } = settings;
  const tokens = tokenCount(settings.geometry);
  // A study of the model before may be here for a moment.
  const shown = row !== null && row.length === tokens ? row : new Float32Array(tokens);
  const ownTop = top ?? sharedTop([row], query);
  const cut = hiddenBelow(ownTop, threshold);
  const queryName = tokenLabel(query, settings.geometry);
  const whyEmpty = emptyReason(row, method, query, queryName, className);
  const map = (
    <AttentionMap
      {...settings}
      title={modelName(id)}
      note={method === 'rollout' ? 'rollout' : `for ${className}`}
      quantity={name}
      values={shown}
      scale={attentionScale(ownTop)}
      floor={cut}
      peak={row === null ? null : strongestOther(row, query)}
      renderReadout={(token, text) => {
        const value = row?.[token] ?? null;
        const hidden = value !== null && value < cut;
        const note = [
          `${modelName(id)}: what of ${tokenLabel(token, settings.geometry)} is in ${queryName} at the end`,
          method === 'gradient' ? `, as far as it speaks for ${className}.` : '.',
          hidden ? ` Hidden: below ${formatPercent(threshold, 0)} of the scale’s top.` : '',
        ].join('');
        return (
          <>
            <Explained {...metricCard(formula, null, note)} value={text} />
            {hidden && ' (hidden)'}
          </>
        );
      }}
    />
  );
  return (
    <div className={classes.map} data-empty={whyEmpty !== null}>
      {row === null ? (
        <div className={classes.room} aria-hidden="true" inert>
          {map}
        </div>
      ) : (
        map
      )}
      {whyEmpty !== null && <p className={classes.why}>{whyEmpty}</p>}
    </div>
  );
}

/** Said over a map that shows nothing; `null` for one that does. */
function emptyReason(
  row: Float32Array | null,
  method: RolloutMethod,
  query: number,
  queryName: string,
  className: string,
): string | null {
  if (row === null) return `n/a: undefined ${ROLLOUT_METHODS[method].formula.undefinedWhen}.`;
  if (!isOwnOnly(row, query)) return null;
  return method === 'gradient'
    ? `Identity: no attention on the way to ${queryName} is above 0 where its gradient for ${className} is, so only the residual connection is left.`
    : `Identity: ${queryName} attends to itself alone in every layer.`;
}
