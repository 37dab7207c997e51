import { NativeSelect } from '@mantine/core';
import { TokenPicker } from '@/components/charts/token-picker';
import { keyInText, tokenOfKey, type RowKeys } from '@/analyses/ranking/slope-keys';
import { usePicture } from '@/components/analysis/use-picture';
import type { PairOrder } from '@/lib/metrics/pair-order';
import classes from './ranking.module.css';

interface KeyChoiceProps {
  readonly letter: 'i' | 'j';
  /** The key's place in the row. */
  readonly value: number;
  readonly keys: RowKeys;
  /** Of all keys of the row. */
  readonly order: PairOrder;
  readonly onSelect: (key: number) => void;
}

/** One of the two keys: on the picture, or from a list in the teacher's order. */
export function KeyChoice({ letter, value, keys, order, onSelect }: KeyChoiceProps) {
  const picture = usePicture();
  const places = new Map(order.keys.map(({ key, teacherRank }) => [key, teacherRank]));
  return (
    <div className={classes.key}>
      <NativeSelect
        size="xs"
        label={`Key ${letter}`}
        value={String(value)}
        onChange={(event) => onSelect(Number(event.currentTarget.value))}
        data={order.keys.map(({ key, teacherRank }) => ({
          value: String(key),
          label: `${teacherRank}. ${keyInText(key, keys)}`,
        }))}
      />
      <TokenPicker
        label={`Choose key ${letter}`}
        image={picture}
        geometry={keys.geometry}
        token={tokenOfKey(keys, value)}
        onSelect={(token) => {
          const key = keys.tokens.indexOf(token);
          if (key >= 0) onSelect(key);
        }}
        describe={(token) =>
          `teacher’s place ${places.get(keys.tokens.indexOf(token)) ?? 'n/a, outside of the window'}`
        }
      />
    </div>
  );
}
