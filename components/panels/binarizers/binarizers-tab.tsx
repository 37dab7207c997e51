'use client';

import { useState } from 'react';
import { BinarizerPanel } from '@/components/panels/binarizers/binarizer-panel';
import { MeansPanel } from '@/components/panels/binarizers/means-panel';
import { selectStudent } from '@/lib/store/derived';
import { useAnalysis } from '@/lib/store/use-analysis';
import { useLens } from '@/lib/store/use-lens';
import type { BinarizerFit } from '@/lib/worker/analysis';
import type { ModelId } from '@/lib/worker/protocol';
import shared from '../panels.module.css';

/** What seven ways to binarize attention make of one row, and on average of a head. */
export default function BinarizersTab() {
  const student = useLens(selectStudent);
  const [ofTeacher, setOfTeacher] = useState(true);
  const [fit, setFit] = useState<BinarizerFit>('official');
  const modelId: ModelId = ofTeacher ? 'teacher' : student;
  const { layer, head, query } = useLens((state) => state.selection);
  const view = useAnalysis('binarizers', { modelId, layer, head, query, fit });
  return (
    <div className={shared.stack}>
      <BinarizerPanel
        view={view}
        modelId={modelId}
        student={student}
        onModel={(id) => setOfTeacher(id === 'teacher')}
        fit={fit}
        onFit={setFit}
      />
      <MeansPanel modelId={modelId} fit={fit} row={view.stale ? null : view.result} />
    </div>
  );
}
