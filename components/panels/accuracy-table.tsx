'use client';

import { Table } from '@mantine/core';
import { MODEL_NAMES } from '@/components/panels/model-names';
import { selectManifestModel } from '@/lib/store/derived';
import { useLens } from '@/lib/store/use-lens';
import { MODEL_IDS, type ModelId } from '@/lib/worker/protocol';
import { formatPercent } from '@/lib/viz/format';

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
      <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Model</Table.Th>
            <Table.Th scope="col" ta="right">
              As published: DeiT-Tiny, ImageNet top-1
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Measured here: Fashion-MNIST, 10,000 images
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {MODEL_IDS.map((id) => (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={400}>
                {id === 'teacher' ? 'Full precision' : MODEL_NAMES[id]}
              </Table.Th>
              <Table.Td ta="right">{AS_PUBLISHED[id].toFixed(1)} %</Table.Td>
              <Table.Td ta="right">
                <Measured id={id} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Measured({ id }: { readonly id: ModelId }) {
  const model = useLens(selectManifestModel(id));
  return model === null ? '–' : formatPercent(model.testAccuracy, 2);
}
