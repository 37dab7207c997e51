'use client';

import { Button } from '@mantine/core';
import { modelName } from '@/components/analysis/model-names';
import { geometryAt, queryToken, tokenLabel } from '@/components/analysis/trace-row';
import { Segmented } from '@/components/ui/segmented';
import { hasTrueClass, selectStudent, selectTrueClass } from '@/state/derived';
import { useAppState, useActions } from '@/state/use-app-state';
import { layerAt } from '@/models/architectures/layer-shape';
import classes from './selection-bar.module.css';

/** Counted from 1, as everywhere on the page. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ value: String(index), label: String(index + 1) }));

/** Where a tab looks: the selection of the first tab, at hand in the others. */
export function SelectionBar({ followsLoss }: { readonly followsLoss: boolean }) {
  const { layer, head, query } = useAppState((state) => state.selection);
  const family = useAppState((state) => state.family);
  const token = queryToken(family, { layer, query });
  const geometry = geometryAt(family, layer);
  const studentId = useAppState(selectStudent);
  const { select } = useActions();
  return (
    <section aria-label="Selection" className={classes.bar}>
      <div className={classes.field}>
        <span aria-hidden="true">Layer</span>
        <Segmented
          label="Layer"
          value={String(layer)}
          onChange={(value) => select({ layer: Number(value) })}
          options={numbered(family.layers.length)}
        />
      </div>
      <div className={classes.field}>
        <span aria-hidden="true">Head</span>
        <Segmented
          label="Head"
          value={String(head)}
          onChange={(value) => select({ head: Number(value) })}
          options={numbered(layerAt(family.layers, layer).heads)}
        />
      </div>
      <div className={classes.field}>
        <span>Query</span>
        <strong className={classes.query}>{tokenLabel(token, geometry)}</strong>
        {geometry.classTokens > 0 && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={query === 0}
            onClick={() => select({ query: 0 })}
            aria-label="Make CLS the query"
          >
            CLS
          </Button>
        )}
        <span className={classes.hint}>or click a patch of the picture</span>
      </div>
      <div className={classes.field}>
        <span>Student</span>
        <strong>{modelName(studentId)}</strong>
        <span className={classes.hint}>by the two switches</span>
      </div>
      {followsLoss && <LossChoice />}
    </section>
  );
}

function LossChoice() {
  const loss = useAppState((state) => state.selection.loss);
  const isOwn = useAppState((state) => state.image.current !== null && !hasTrueClass(state));
  const label = useAppState(selectTrueClass);
  const classNames = useAppState((state) => state.family.classNames);
  const { select } = useActions();
  const name = label === null ? null : (classNames[label] ?? null);
  return (
    <div className={classes.field}>
      <span aria-hidden="true">Loss of</span>
      <Segmented
        label="Loss of"
        value={isOwn ? 'predicted' : loss}
        onChange={(value) => select({ loss: value })}
        options={[
          { value: 'true', label: 'true class', disabled: isOwn },
          { value: 'predicted', label: 'predicted class' },
        ]}
      />
      <span className={classes.hint}>
        {isOwn
          ? 'Nobody told the true class of this picture.'
          : loss === 'true'
            ? (name ?? '')
            : 'each model’s own answer'}
      </span>
    </div>
  );
}
