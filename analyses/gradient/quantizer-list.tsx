import { NativeSelect } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import type { QuantizerGroup } from '@/analyses/gradient/quantizer-groups';
import { formatPercent } from '@/lib/viz/format';
import classes from './ste-panel.module.css';

interface QuantizerListProps {
  readonly groups: readonly QuantizerGroup[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Chooses a quantizer: a list of radio buttons, each with the share that passes; on a phone one field. */
export function QuantizerList({ groups, selected, onSelect }: QuantizerListProps): ReactNode {
  const name = useId();
  return (
    <>
      <NativeSelect
        className={classes.field}
        label="Quantizer"
        size="sm"
        value={selected}
        onChange={(event) => onSelect(event.currentTarget.value)}
        data={groups.map((group) => ({
          group: group.name,
          items: group.quantizers.map((quantizer) => ({ value: quantizer.id, label: quantizer.name })),
        }))}
      />
      <div className={classes.list} role="radiogroup" aria-label="Quantizer">
        <p className={classes.listHead} aria-hidden="true">
          <span>quantizer</span>
          <span>inside</span>
        </p>
        {groups.map((group) => (
          <div key={group.slot} role="group" aria-label={group.name}>
            <p className={classes.place} aria-hidden="true">
              {group.name}
            </p>
            {group.quantizers.map((quantizer) => (
              <label key={quantizer.id} className={classes.item}>
                <input
                  type="radio"
                  name={name}
                  value={quantizer.id}
                  checked={quantizer.id === selected}
                  onChange={() => onSelect(quantizer.id)}
                />
                <span>{quantizer.name}</span>
                <span className={classes.share}>
                  {quantizer.inputs === null ? '–' : formatPercent(quantizer.inputs.insideShare, 0)}
                </span>
              </label>
            ))}
          </div>
        ))}
      </div>
    </>
  );
}
