'use client';

import { useState } from 'react';
import { BinarizerPanel } from '@/components/panels/binarizers/binarizer-panel';
import { queryToken } from '@/components/panels/trace-row';
import { MeansPanel } from '@/components/panels/binarizers/means-panel';
import { selectStudent } from '@/lib/store/derived';
import { layerAt } from '@/lib/store/subject';
import { useAnalysis } from '@/lib/store/use-analysis';
import { rowOf } from '@/lib/viz/attention-rows';
import { useLens } from '@/lib/store/use-lens';
import type { BinarizerFit } from '@/lib/worker/analysis';
import type { ModelId } from '@/lib/worker/protocol';
import { Staged } from '@/components/panels/staged';

/** What seven ways to binarize attention make of one row, and on average of a head. */
export default function BinarizersTab() {
  const student = useLens(selectStudent);
  const [ofTeacher, setOfTeacher] = useState(true);
  const [fit, setFit] = useState<BinarizerFit>('official');
  const subject = useLens((state) => state.subject);
  const modelId: ModelId = ofTeacher && subject.modelIds.includes('teacher') ? 'teacher' : student;
  const { layer, head, query } = useLens((state) => state.selection);
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
