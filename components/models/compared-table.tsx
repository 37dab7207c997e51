import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Compared } from '@/state/models/models-state';
import { formatCount, formatNumber } from '@/lib/viz/format';
import classes from './models.module.css';

/** Beyond it the logits would not be called equal: float32 sums in another order. */
const SAME_WITHIN = 1e-3;

/** A checkpoint run here against what PyTorch gave for it, stage by stage. */
export function ComparedTable({
  compared: { checkpoint, golden, report },
}: {
  readonly compared: Compared;
}): ReactNode {
  const { rows, logitsMaxError, images } = report;
  const isSame = logitsMaxError <= SAME_WITHIN;
  const over = images === 1 ? 'one image' : `${images} images`;
  return (
    <section className={classes.report} aria-label={`${checkpoint} against PyTorch`}>
      <h3 className={classes.name}>{checkpoint} against PyTorch</h3>
      <p role="status" className={classes.verdict} data-same={isSame}>
        {isSame
          ? `The logits match: they differ from PyTorch’s by at most ${formatNumber(logitsMaxError)} over ${over}.`
          : `The logits differ: by up to ${formatNumber(logitsMaxError)} over ${over}, more than ${SAME_WITHIN}.`}
      </p>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Stage by stage">
        <Table className="lens-numbers" verticalSpacing={3} horizontalSpacing="xs" stickyHeader>
          <Table.Caption>
            Stages of {golden}, computed here in float32; signs are compared where a stage is a binarizer’s.
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Stage</Table.Th>
              <Table.Th scope="col" ta="right">
                Entries
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Largest error
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Flips
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ stage, entries, maxError, flips }) => (
              <Table.Tr key={stage}>
                <Table.Th scope="row" fw={400}>
                  <code>{stage}</code>
                </Table.Th>
                <Table.Td ta="right">{formatCount(entries)}</Table.Td>
                <Table.Td ta="right">{formatNumber(maxError)}</Table.Td>
                <Table.Td ta="right">{flips === null ? '–' : formatCount(flips)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
