'use client';

import { useState } from 'react';
import { BinarizerPanel } from '@/analyses/binarizers/binarizer-panel';
import { queryToken } from '@/components/analysis/trace-row';
import { MeansPanel } from '@/analyses/binarizers/means-panel';
import { selectStudent } from '@/state/derived';
import { layerAt } from '@/state/subject';
import { useAnalysis } from '@/state/use-analysis';
import { rowOf } from '@/lib/viz/attention-rows';
import { useAppState } from '@/state/use-app-state';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import type { ModelId } from '@/engine/protocol';
import { Staged } from '@/components/analysis/staged';

/** What seven ways to binarize attention make of one row, and on average of a head. */
export default function BinarizersTab() {
  const student = useAppState(selectStudent);
  const [ofTeacher, setOfTeacher] = useState(true);
  const [fit, setFit] = useState<BinarizerFit>('official');
  const subject = useAppState((state) => state.subject);
  const modelId: ModelId = ofTeacher && subject.modelIds.includes('teacher') ? 'teacher' : student;
  const { layer, head, query } = useAppState((state) => state.selection);
  const row = rowOf(layerAt(subject, layer).layout, queryToken(subject, { layer, query }));
  const view = useAnalysis('binarizers', { modelId, layer, head, query: row, fit });
  return (
    <Staged>
      <BinarizerPanel
        view={view}
        modelId={modelId}
        student={student}
        onModel={(id) => setOfTeacher(id === 'teacher')}
        fit={fit}
        onFit={setFit}
      />
      <MeansPanel modelId={modelId} fit={fit} row={view.stale ? null : view.result} />
    </Staged>
  );
}
