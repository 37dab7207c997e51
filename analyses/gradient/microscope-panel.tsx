'use client';

import type { ResultOf } from '@/engine/analysis';
import type { GRADIENTS } from '@/analyses/gradient/protocol';
import { useState } from 'react';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { aboutFormula } from '@/components/analysis/about-formula';
import { MicroscopeBody } from '@/analyses/gradient/microscope-body';
import { modelName } from '@/components/analysis/model-names';
import { placeLabel } from '@/components/analysis/trace-row';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import {
  deadShareFormula,
  rowGradientFormula,
  scaledJacobianNormFormula,
  scaledSoftmaxFormula,
  softmaxJacobianFormula,
} from '@/lib/metrics/softmax-microscope-formulas';
import { selectStudent } from '@/state/derived';
import type { AnalysisView } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import classes from './gradient.module.css';

const FORMULAS = [
  scaledSoftmaxFormula,
  softmaxJacobianFormula,
  rowGradientFormula,
  scaledJacobianNormFormula,
  deadShareFormula,
].map(aboutFormula);

export interface MicroscopePanelProps {
  readonly view: AnalysisView<ResultOf<typeof GRADIENTS>>;
}

/** One row of one head under the microscope: what the softmax makes of it, and what it lets back. */
export function MicroscopePanel({ view }: MicroscopePanelProps) {
  const selection = useAppState((state) => state.selection);
  const family = useAppState((state) => state.family);
  const studentId = useAppState(selectStudent);
  const [who, setWho] = useState<'teacher' | 'student'>('student');
  const modelId = who === 'teacher' ? 'teacher' : studentId;

  return (
    <Block
      title="Softmax microscope"
      detail={`${modelName(modelId)}, ${placeLabel(selection, family)}`}
      id="softmax-microscope"
      actions={
        <Segmented
          label="Whose row"
          value={who}
          onChange={setWho}
          options={{ teacher: modelName('teacher'), student: modelName(studentId) }}
        />
      }
      help="Measured here, on this picture. The gradient that arrives, ∂L/∂p, is held as it was recorded while α moves: this shows what the softmax does to it, not how the rest of the network would answer."
    >
      <About formulas={FORMULAS}>
        Softmax turns one row of scores z into attention p, and on the way back multiplies the gradient by its Jacobian
        J: a row that is nearly flat passes a little to every key, a row that has decided for one key passes nothing to
        anyone. Scaling the scores by α moves between the two, so more is not always better: drag it and see.
      </About>
      <div className={classes.microscopeRoom}>
        <AnalysisFrame view={view} label="the gradients of this row" minHeight={720}>
          {(result) => (
            <MicroscopeBody gradients={result.models[modelId] ?? null} modelId={modelId} place={selection} />
          )}
        </AnalysisFrame>
      </div>
    </Block>
  );
}
