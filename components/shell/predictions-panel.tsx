'use client';

import { memberIds } from '@/models/families/family';
import { useMemo } from 'react';
import { ProbabilityBars, type ProbabilityRow } from '@/components/charts/probability-bars';
import { metricCard } from '@/components/analysis/metric-card';
import { modelName } from '@/components/analysis/model-names';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { classProbabilityFormula, explainSoftmaxEntry, softmaxRow } from '@/lib/metrics/softmax-entry';
import { shownModels } from '@/state/derived';
import { useAppState, useResults } from '@/state/use-app-state';
import { className } from '@/lib/viz/class-name';
import { formatCount } from '@/lib/viz/format';
import shared from '../analysis/panels.module.css';

/** What all five make of the picture: the true class of a sample, or what the teacher sees in a picture of one's own. */
export function PredictionsPanel() {
  const exploration = useResults((state) => state.results.current);
  const stale = useResults((state) => state.results.stale);
  const selection = useAppState((state) => state.selection);
  const trueClass = useResults((state) => state.results.trueClass);
  const isOwn = useAppState(({ image }) => image.current !== null && image.current.kind !== 'sample');
  const family = useAppState((state) => state.family);
  const { classNames } = family;

  const rows: readonly ProbabilityRow[] = useMemo(
    () =>
      memberIds(family).map((model) => {
        const logits = exploration?.logits[model];
        return { model, label: modelName(model), probabilities: logits ? softmaxRow(logits) : null };
      }),
    [exploration, family],
  );
  const reference = rows.find(({ model }) => model === 'teacher') ?? rows[0];
  const seen = likeliest(reference?.probabilities ?? null);
  const barClass = trueClass ?? seen ?? 0;

  return (
    <Block
      title="Predictions"
      detail="all models"
      id="predictions"
      {...(isOwn
        ? {
            help: `Nobody told these models the true class of this picture${seen === null ? '' : `; the bars follow what ${reference === undefined || reference.model === 'teacher' ? 'the teacher' : reference.label} sees, ${className(seen, classNames)}`}. They know ${family.classesAre} and nothing else.`,
          }
        : {})}
    >
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <ProbabilityBars
          rows={rows}
          classNames={classNames}
          trueClass={trueClass}
          barClass={barClass}
          emphasized={shownModels(family, selection)}
          topCount={5}
          renderValue={({ model, label }, classIndex, text) => {
            const logits = exploration?.logits[model];
            if (!logits) return text;
            const note = `${label}, ${className(classIndex, classNames)}; the sum runs over ${formatCount(family.config.numClasses)} classes.`;
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
