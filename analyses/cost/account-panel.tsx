'use client';

import { useId, useState } from 'react';
import { StackSwatch } from '@/components/charts/stacked-bars';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import type { Cost, GroupCost } from '@/models/accounting/count-cost';
import type { Amounts } from '@/lib/accounting/op-cost';
import { formatCount, formatOperations, formatPercent } from '@/lib/viz/format';
import { layerName, opName, PART_KEYS, PART_STYLES, PART_NAMES, type PartKey } from './cost-names';
import classes from './cost.module.css';

const COLUMNS = ['bits', 'parameters', 'MACs', 'BOPs', 'FLOPs', 'OPs', 'share of OPs', 'bytes'] as const;

type Cut = 'part' | 'op' | 'layer';

/** The account in numbers: by part, and on demand by op or by layer. */
export function AccountPanel({ cost }: { readonly cost: Cost }) {
  const [cut, setCut] = useState<Cut>('part');
  const id = useId();
  return (
    <Block
      title="The account"
      detail={`by ${cut}, of one image`}
      id="cost-account"
      actions={
        <Segmented
          label="Cut by"
          value={cut}
          onChange={setCut}
          options={(['part', 'op', 'layer'] as const).map((value) => ({ value, label: `by ${value}` }))}
        />
      }
      help="Parameters are what is learned, with the biases that Bi-ViT’s checkpoints carry and never use; bytes are what a forward needs. A dash: no such operations."
    >
      {/* It scrolls, so the keyboard has to reach it. */}
      <div className={classes.scroll} role="region" aria-labelledby={id} tabIndex={0}>
        <table className={`lens-numbers ${classes.table ?? ''}`}>
          <caption id={id}>
            Parameters, operations and bytes by {cut}; k, M, G: 10³, 10⁶, 10⁹ multiply-accumulates
          </caption>
          <thead>
            <tr>
              <th scope="col">{cut}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groupsOf(cost, cut).map((group) => (
              <tr key={group.key}>
                <th scope="row">
                  <RowName group={group} cut={cut} />
                </th>
                <td>{group.bits ?? '1, 32'}</td>
                <Numbers amounts={group} total={cost.total} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">total</th>
              <td />
              <Numbers amounts={cost.total} total={cost.total} />
            </tr>
          </tfoot>
        </table>
      </div>
    </Block>
  );
}

function RowName({ group: { key, count }, cut }: { readonly group: GroupCost; readonly cut: Cut }) {
  if (cut === 'layer') return layerName(key);
  if (cut === 'op') return count === 1 ? opName(key) : `${opName(key)} × ${count}`;
  const part = partKey(key);
  return (
    <span className={classes.part}>
      <StackSwatch style={PART_STYLES[part]} /> {PART_NAMES[part]}
    </span>
  );
}

function Numbers({ amounts, total }: { readonly amounts: Amounts; readonly total: Amounts }) {
  const { parameters, macs, bops, flops, ops, bytes } = amounts;
  return (
    <>
      <td>{formatCount(parameters)}</td>
      {[macs, bops, flops, ops].map((operations, index) => (
        <td key={index}>{operations === 0 ? '–' : formatOperations(operations)}</td>
      ))}
      <td>{ops === 0 ? '–' : formatPercent(ops / total.ops)}</td>
      <td>{formatCount(bytes)}</td>
    </>
  );
}

function groupsOf({ byPart, byName, byLayer }: Cost, cut: Cut): readonly GroupCost[] {
  switch (cut) {
    case 'part':
      return PART_KEYS.flatMap((part) => byPart.filter(({ key }) => key === part));
    case 'op':
      return byName;
    case 'layer':
      return byLayer;
  }
}

function partKey(key: string): PartKey {
  return PART_KEYS.find((part) => part === key) ?? 'rest';
}
