'use client';

import { useMemo } from 'react';
import { ProbabilityBars, type ProbabilityRow } from '@/components/charts/probability-bars';
import { metricCard } from '@/components/panels/metric-card';
import { MODEL_NAMES } from '@/components/panels/model-names';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { classProbabilityFormula, explainSoftmaxEntry, softmaxRow } from '@/lib/metrics/softmax-entry';
import { CLASS_NAMES } from '@/lib/store/class-names';
import { shownModels, selectTrueClass } from '@/lib/store/derived';
import { useLens, useResults } from '@/lib/store/use-lens';
import { MODEL_IDS } from '@/lib/worker/protocol';
import shared from './panels.module.css';

/** What all five make of the picture: the true class of a sample, or what the teacher sees in a picture of one's own. */
export function PredictionsPanel() {
  const exploration = useResults((state) => state.results.current);
  const stale = useResults((state) => state.results.stale);
  const selection = useLens((state) => state.selection);
  const trueClass = useLens(selectTrueClass);
  const isOwn = useLens(({ image }) => image.current?.kind === 'own');

  const rows: readonly ProbabilityRow[] = useMemo(
    () =>
      MODEL_IDS.map((model) => {
        const logits = exploration?.logits[model];
        return { model, label: MODEL_NAMES[model], probabilities: logits ? softmaxRow(logits) : null };
      }),
    [exploration],
  );
  const barClass = trueClass ?? likeliest(rows.find(({ model }) => model === 'teacher')?.probabilities ?? null) ?? 0;

  return (
    <Block
      title="Predictions"
      detail="all models"
      id="predictions"
      {...(isOwn
        ? {
            help: `Nobody told these models the true class of your picture; the bars follow what the teacher sees, ${CLASS_NAMES[barClass] ?? ''}. All five know ten kinds of clothing and nothing else.`,
          }
        : {})}
    >
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <ProbabilityBars
          rows={rows}
          classNames={CLASS_NAMES}
          trueClass={trueClass}
          barClass={barClass}
          emphasized={shownModels(selection)}
          topCount={5}
          renderValue={({ model, label }, classIndex, text) => {
            const logits = exploration?.logits[model];
            if (!logits) return text;
            const note = `${label}, class ${CLASS_NAMES[classIndex] ?? classIndex}; the sum runs over ten classes.`;
            const explanation = explainSoftmaxEntry(logits, classIndex);
            return <Explained {...metricCard(classProbabilityFormula, explanation, note)} value={text} />;
          }}
        />
      </div>
    </Block>
  );
}

function likeliest(probabilities: ArrayLike<number> | null): number | null {
  if (probabilities === null) return null;
  const values = Array.from(probabilities);
  return values.indexOf(Math.max(...values));
}
