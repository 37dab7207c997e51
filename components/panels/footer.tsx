'use client';

import { Anchor, Table } from '@mantine/core';
import { MODEL_NAMES } from '@/components/panels/model-names';
import { selectManifestModel } from '@/lib/store/derived';
import { useLens } from '@/lib/store/use-lens';
import { MODEL_IDS, type ModelId } from '@/lib/worker/protocol';
import { formatPercent } from '@/lib/viz/format';
import classes from './footer.module.css';

/** ImageNet top-1 of DeiT-Tiny as the paper prints it (arXiv 2305.12354, abstract and results), in percent. */
const AS_PUBLISHED: { readonly [Id in ModelId]: number } = {
  teacher: 72.2,
  baseline: 6.6,
  scaling: 24.4,
  ranking: 12.5,
  'bi-vit': 28.7,
};

/** Where the figures come from: what the paper printed beside what this project measured, never one as the other. */
export function Footer() {
  return (
    <footer className={classes.footer} id="sources" tabIndex={-1}>
      <section aria-labelledby="sources-title">
        <h2 id="sources-title">Sources</h2>
        <p>
          The two cures are those of Li, Xu, Lin, Cao, Liu, Sun, Zhang:{' '}
          <Anchor href="https://doi.org/10.1609/aaai.v38i4.28109" underline="always">
            Bi-ViT: Pushing the Limit of Vision Transformer Quantization
          </Anchor>
          , AAAI 2024, 38(4):3243–3251 (
          <Anchor href="https://arxiv.org/abs/2305.12354" underline="always">
            arXiv 2305.12354
          </Anchor>
          ). The models here are small ones trained by this project on{' '}
          <Anchor href="https://arxiv.org/abs/1708.07747" underline="always">
            Fashion-MNIST
          </Anchor>{' '}
          (© Zalando SE, MIT licence); other data, size and schedule, so the two columns are not to be compared number
          by number.
        </p>
        <p>
          This project’s own: the ranking loss, a hinge on pairs of scores in the manner of{' '}
          <Anchor href="https://arxiv.org/abs/2106.14156" underline="always">
            Liu et al. (NeurIPS 2021)
          </Anchor>
          , because the paper’s printed form was not at hand and its released code does not hold it; the attention
          quantizer, after{' '}
          <Anchor href="https://arxiv.org/abs/2205.13016" underline="always">
            BiT (NeurIPS 2022)
          </Anchor>
          ; and how tied places share a top-k. Every number’s card names its source.
        </p>
        <p>
          Bi-ViT Lens is free software under the MIT licence. Pictures and checkpoints that you bring stay on this
          device.
        </p>
      </section>
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
    </footer>
  );
}

function Measured({ id }: { readonly id: ModelId }) {
  const model = useLens(selectManifestModel(id));
  return model === null ? '–' : formatPercent(model.testAccuracy, 2);
}
