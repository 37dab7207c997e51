'use client';

import { memberIds } from '@/models/families/family';
import type { MemberId } from '@/models/families/family';
import { BINARIZERS } from '@/analyses/binarizers/protocol';
import { useState } from 'react';
import { BinarizerPanel } from '@/analyses/binarizers/binarizer-panel';
import { queryToken } from '@/components/analysis/trace-row';
import { MeansPanel } from '@/analyses/binarizers/means-panel';
import { selectStudent } from '@/state/derived';
import { layerAt } from '@/models/architectures/layer-shape';
import { useAnalysis } from '@/state/use-analysis';
import { rowOf } from '@/lib/viz/attention-rows';
import { useAppState } from '@/state/use-app-state';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { Staged } from '@/components/analysis/staged';

/** What the ways to binarize attention make of one row, and on average of a head. */
export default function BinarizersTab() {
  const student = useAppState(selectStudent);
  const [ofTeacher, setOfTeacher] = useState(true);
  const [fit, setFit] = useState<BinarizerFit>('official');
  const family = useAppState((state) => state.family);
  const modelId: MemberId = ofTeacher && memberIds(family).includes('teacher') ? 'teacher' : student;
  const { layer, head, query } = useAppState((state) => state.selection);
  const row = rowOf(layerAt(family.layers, layer).layout, queryToken(family, { layer, query }));
  const view = useAnalysis(BINARIZERS, { modelId, layer, head, query: row, fit });
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
