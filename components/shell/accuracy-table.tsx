'use client';

import type { MemberId } from '@/models/families/family';
import { modelName } from '@/components/analysis/model-names';
import { useAppState } from '@/state/use-app-state';
import { formatCount, formatPercent } from '@/lib/viz/format';
import tables from '@/components/ui/number-table.module.css';

/** ImageNet top-1 of DeiT-Tiny as the paper prints it (arXiv 2305.12354, abstract and results), in percent. */
const AS_PUBLISHED: { readonly [id: MemberId]: number } = {
  teacher: 72.2,
  baseline: 6.6,
  scaling: 24.4,
  ranking: 12.5,
  'bi-vit': 28.7,
};

/** The paper's figures beside this project's. */
export function AccuracyTable() {
  const { members, testSet } = useAppState((state) => state.family);
  // What a checkpoint of one's own reaches, nobody measured.
  if (testSet === null) return null;
  return (
    <section aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">Accuracy</h2>
      <table className={`${tables.table} lens-numbers`}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">As published: DeiT-Tiny, ImageNet top-1</th>
            <th scope="col">
              Measured by the recipe: {formatCount(testSet.images)} {testSet.name}
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ id, measured }) => (
            <tr key={id}>
              <th scope="row">{id === 'teacher' ? 'Full precision' : modelName(id)}</th>
              <td>{formatPercent(AS_PUBLISHED[id] === undefined ? null : AS_PUBLISHED[id] / 100, 1)}</td>
              <td>{measured === null ? '–' : formatPercent(measured.testAccuracy, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
