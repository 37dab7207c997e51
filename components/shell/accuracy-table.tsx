'use client';

import { MODEL_NAMES } from '@/components/analysis/model-names';
import { selectManifestModel } from '@/state/derived';
import { useAppState } from '@/state/use-app-state';
import { MODEL_IDS, type ModelId } from '@/engine/protocol';
import { formatPercent } from '@/lib/viz/format';
import tables from '@/components/ui/number-table.module.css';

/** ImageNet top-1 of DeiT-Tiny as the paper prints it (arXiv 2305.12354, abstract and results), in percent. */
const AS_PUBLISHED: { readonly [Id in ModelId]: number } = {
  teacher: 72.2,
  baseline: 6.6,
  scaling: 24.4,
  ranking: 12.5,
  'bi-vit': 28.7,
};

/** The paper's figures beside this project's. */
export function AccuracyTable() {
  return (
    <section aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">Accuracy</h2>
      <table className={`${tables.table} lens-numbers`}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">As published: DeiT-Tiny, ImageNet top-1</th>
            <th scope="col">Measured here: Fashion-MNIST, 10,000 images</th>
          </tr>
        </thead>
        <tbody>
          {MODEL_IDS.map((id) => (
            <tr key={id}>
              <th scope="row">{id === 'teacher' ? 'Full precision' : MODEL_NAMES[id]}</th>
              <td>{AS_PUBLISHED[id].toFixed(1)} %</td>
              <td>
                <Measured id={id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Measured({ id }: { readonly id: ModelId }) {
  const model = useAppState(selectManifestModel(id));
  return model === null ? '–' : formatPercent(model.testAccuracy, 2);
}
