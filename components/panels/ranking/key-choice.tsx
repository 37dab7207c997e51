import { NativeSelect } from '@mantine/core';
import { KeyPicker } from '@/components/charts/key-picker';
import { keyName } from '@/components/panels/ranking/slope-keys';
import { GEOMETRY } from '@/components/panels/trace-row';
import { usePicture } from '@/components/panels/use-picture';
import type { PairOrder } from '@/lib/metrics/pair-order';
import classes from './ranking.module.css';

interface KeyChoiceProps {
  readonly letter: 'i' | 'j';
  readonly token: number;
  /** Of all keys of the row. */
  readonly order: PairOrder;
  readonly onSelect: (token: number) => void;
}

/** One of the two keys: on the picture, or from a list in the teacher's order. */
export function KeyChoice({ letter, token, order, onSelect }: KeyChoiceProps) {
  const picture = usePicture();
  const places = new Map(order.keys.map(({ key, teacherRank }) => [key, teacherRank]));
  return (
    <div className={classes.key}>
      <NativeSelect
        size="xs"
        label={`Key ${letter}`}
        value={String(token)}
        onChange={(event) => onSelect(Number(event.currentTarget.value))}
        data={order.keys.map(({ key, teacherRank }) => ({
          value: String(key),
          label: `${teacherRank}. ${key < GEOMETRY.classTokens ? 'CLS' : `(${keyName(key)})`}`,
        }))}
      />
      <KeyPicker
        name={`key ${letter}`}
        image={picture}
        geometry={GEOMETRY}
        token={token}
        onSelect={onSelect}
        describe={(each) => `teacher’s place ${places.get(each) ?? 'n/a'}`}
      />
    </div>
  );
}
