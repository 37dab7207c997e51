'use client';

import { useState } from 'react';
import { StackedBars } from '@/components/charts/stacked-bars';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import type { Cost } from '@/models/accounting/count-cost';
import { sumAmounts, type Amounts, type OpCost } from '@/lib/accounting/op-cost';
import { formatBytes, formatOperations, formatTimes } from '@/lib/viz/format';
import { PART_KEYS, PART_STYLES, PART_NAMES } from './cost-names';
import classes from './cost.module.css';

interface OperationsPanelProps {
  readonly cost: Cost;
  /** The same model at full precision. */
  readonly real: Cost;
}

const QUANTITIES = {
  ops: { label: 'operations', title: 'OPs of one image', format: formatOperations },
  bytes: { label: 'bytes', title: 'Bytes of the weights', format: formatBytes },
} as const;
type Quantity = keyof typeof QUANTITIES;

/** Which parts the operations and the bytes are in, before and after. */
export function OperationsPanel({ cost, real }: OperationsPanelProps) {
  const [quantity, setQuantity] = useState<Quantity>('ops');
  const [scale, setScale] = useState<'shares' | 'amounts'>('shares');
  const { title, format } = QUANTITIES[quantity];
  // Attention has bytes of its own only where it is binary.
  const present = PART_KEYS.filter((part) => [real, cost].some(({ ops }) => sumPart(ops, part)[quantity] > 0));
  const valuesOf = (ops: readonly OpCost[]) => present.map((part) => sumPart(ops, part)[quantity]);
  const saved = real.total[quantity] / cost.total[quantity];
  return (
    <Block
      title="Where it goes"
      detail={`${title}: ${format(real.total[quantity])} → ${format(cost.total[quantity])}, ${formatTimes(saved)} fewer`}
      id="cost-parts"
      actions={
        <>
          <Segmented
            label="What is stacked"
            value={quantity}
            onChange={setQuantity}
            options={(['ops', 'bytes'] as const).map((value) => ({ value, label: QUANTITIES[value].label }))}
          />
          <Segmented
            label="Length of the bars"
            value={scale}
            onChange={setScale}
            options={{ shares: 'as shares', amounts: 'to scale' }}
          />
        </>
      }
    >
      <StackedBars
        label={`${title}, by part`}
        parts={present.map((part) => ({ id: part, name: PART_NAMES[part], style: PART_STYLES[part] }))}
        bars={[
          { name: 'full precision', values: valuesOf(real.ops) },
          { name: 'at this precision', values: valuesOf(cost.ops) },
        ]}
        scale={scale}
        format={format}
        header={<span className={classes.note}>legend: share at full precision → at this precision</span>}
      />
    </Block>
  );
}

function sumPart(ops: readonly OpCost[], part: OpCost['part']): Amounts {
  return sumAmounts(ops.filter((op) => op.part === part));
}
