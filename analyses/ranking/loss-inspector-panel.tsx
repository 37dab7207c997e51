'use client';

import { useMemo, useState } from 'react';
import { HingeChart } from '@/components/charts/hinge-chart';
import { ScoreLines } from '@/components/charts/score-lines';
import { modelName } from '@/components/analysis/model-names';
import { aboutFormula } from '@/components/analysis/about-formula';
import { KeyChoice } from '@/analyses/ranking/key-choice';
import { LossNumbers } from '@/analyses/ranking/loss-numbers';
import { MarginInput, MARGIN_RANGE } from '@/analyses/ranking/margin-input';
import { tellingPair, withKey, type KeyPair } from '@/analyses/ranking/pair-choice';
import { RowMissing } from '@/analyses/ranking/row-missing';
import type { RowKeys } from '@/analyses/ranking/slope-keys';
import { useRows } from '@/analyses/ranking/use-rows';
import { placeLabel } from '@/components/analysis/trace-row';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { pairOrder, type PairOrder } from '@/lib/metrics/pair-order';
import { pairHinge, RECIPE_MARGIN, rankingHingeFormula, rowRankingLossFormula } from '@/lib/metrics/ranking-hinge';
import { useAppState } from '@/state/use-app-state';
import shared from '../../components/analysis/panels.module.css';
import classes from './ranking.module.css';

interface LossInspectorPanelProps {
  /** Chosen here or pinned in the slopegraph; `null`: a telling one of the row. */
  readonly pair: KeyPair | null;
  readonly onPair: (pair: KeyPair) => void;
}

const FORMULAS = [rankingHingeFormula, rowRankingLossFormula].map(aboutFormula);

/** What the ranking loss says of two keys of a row, and where it would push their scores. */
export function LossInspectorPanel({ pair, onPair }: LossInspectorPanelProps) {
  const selection = useAppState((state) => state.selection);
  const family = useAppState((state) => state.family);
  const rows = useRows('scores');
  const { teacher, student, studentId } = rows;
  const order = useMemo(
    () => (teacher === null || student === null ? null : pairOrder(teacher, student, teacher.length)),
    [teacher, student],
  );
  const chosen = pair ?? (order === null ? null : tellingPair(order));

  return (
    <Block
      title="Ranking loss of two keys"
      detail={`${placeLabel(selection, family)}, ${modelName(studentId)} before the binarizer; computed here`}
      id="ranking-loss"
    >
      <About formulas={FORMULAS}>
        Ranking-aware distillation looks at two keys at a time: if the student does not put them in the teacher’s order
        by at least the margin m, it pushes the two scores apart, and if it does, it leaves them alone. The formula is
        after Liu et al., Post-Training Quantization for Vision Transformer (NeurIPS 2021, Eq. 13); the Bi-ViT text at
        hand does not print its own, so this may differ from the paper’s.
      </About>
      <div className={rows.stale ? shared.stale : undefined} aria-busy={rows.stale}>
        {teacher === null || student === null || order === null || chosen === null ? (
          <RowMissing rows={rows} wide={617} narrow={1250} />
        ) : (
          <Inspector
            teacher={teacher}
            student={student}
            order={order}
            keys={rows.keys}
            name={modelName(studentId)}
            pair={chosen}
            onPair={onPair}
          />
        )}
      </div>
    </Block>
  );
}

interface InspectorProps {
  readonly teacher: Float32Array;
  readonly student: Float32Array;
  /** Of all keys. */
  readonly order: PairOrder;
  readonly keys: RowKeys;
  /** Of the student. */
  readonly name: string;
  readonly pair: KeyPair;
  readonly onPair: (pair: KeyPair) => void;
}

function Inspector({ teacher, student, order, keys, name, pair, onPair }: InspectorProps) {
  const [margin, setMargin] = useState(RECIPE_MARGIN);
  const [i, j] = pair;
  const hinge = pairHinge(teacher, student, pair, margin);
  const steps = hinge === null ? null : { i: stepAgainst(hinge.gradientI), j: stepAgainst(hinge.gradientJ) };

  return (
    <div className={classes.inspector}>
      <div className={classes.keys}>
        <KeyChoice letter="i" value={i} keys={keys} order={order} onSelect={(key) => onPair(withKey(pair, 'i', key))} />
        <KeyChoice letter="j" value={j} keys={keys} order={order} onSelect={(key) => onPair(withKey(pair, 'j', key))} />
      </div>
      <div className={classes.loss}>
        <MarginInput margin={margin} onChange={setMargin} />
        <LossNumbers teacher={teacher} student={student} pair={pair} margin={margin} hinge={hinge} name={name} />
      </div>
      <HingeChart
        label="Ranking loss over the student’s lead"
        margin={margin}
        largestMargin={MARGIN_RANGE.max}
        lead={hinge === null || hinge.order === 0 ? null : hinge.lead}
      />
      <ScoreLines
        label="Scores of the row before the softmax, each model on its own scale"
        lines={[
          { name: 'Teacher', row: teacher, i, j, steps: null },
          { name, row: student, i, j, steps },
        ]}
      />
    </div>
  );
}

/** Descent goes against the gradient. */
function stepAgainst(gradient: number): -1 | 0 | 1 {
  return gradient > 0 ? -1 : gradient < 0 ? 1 : 0;
}
