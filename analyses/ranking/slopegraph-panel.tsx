'use client';

import { useMemo, useState } from 'react';
import { announce } from '@/components/charts/announce';
import { MarkedPicture, type TokenMark } from '@/components/charts/marked-picture';
import { Slopegraph } from '@/components/charts/slopegraph';
import { modelName } from '@/components/analysis/model-names';
import { aboutFormula } from '@/components/analysis/about-formula';
import { KInput } from '@/analyses/ranking/k-input';
import { RowMissing } from '@/analyses/ranking/row-missing';
import {
  countSentence,
  keyInText,
  keyName,
  nameOfToken,
  pairSentence,
  relationIn,
  slopeKeys,
  tokenOfKey,
  type RowKeys,
} from '@/analyses/ranking/slope-keys';
import { useRows } from '@/analyses/ranking/use-rows';
import { placeLabel, rowLength } from '@/components/analysis/trace-row';
import { usePicture } from '@/components/analysis/use-picture';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { kendallTauBFormula } from '@/lib/metrics/kendall-tau-b';
import { pairOrder, type PairOrder } from '@/lib/metrics/pair-order';
import { useAppState, useActions } from '@/state/use-app-state';
import shared from '../../components/analysis/panels.module.css';
import classes from './ranking.module.css';

interface SlopegraphPanelProps {
  readonly k: number;
  readonly onK: (k: number) => void;
  /** Two keys were pinned. */
  readonly onPair: (pair: readonly [number, number]) => void;
}

const FORMULAS = [
  {
    ...aboutFormula(kendallTauBFormula),
    note: 'C: pairs kept. D: pairs reversed. n₀: all pairs. n₁, n₂: pairs that the teacher ties, and that the student ties. The panel above takes them over all keys of a row, the graph here over the top ones.',
  },
];

/** The teacher's most attended keys of one row, and where the student puts them. */
export function SlopegraphPanel({ k, onK, onPair }: SlopegraphPanelProps) {
  const selection = useAppState((state) => state.selection);
  const family = useAppState((state) => state.family);
  const { select } = useActions();
  const rows = useRows(selection.map === 'binarized' ? 'attentionBinary' : 'scores');
  const { teacher, student } = rows;
  const order = useMemo(
    () => (teacher === null || student === null ? null : pairOrder(teacher, student, k)),
    [teacher, student, k],
  );
  const name = modelName(rows.studentId);

  return (
    <Block
      title="One row’s order"
      detail={`${placeLabel(selection, family)}; measured here`}
      id="slopegraph"
      actions={
        <>
          <Segmented
            label="What the student ranks by"
            value={selection.map}
            onChange={(map) => select({ map })}
            options={{ softmaxed: 'before the binarizer', binarized: 'after' }}
          />
          <KInput k={k} onChange={onK} />
        </>
      }
    >
      <About formulas={FORMULAS}>
        Left: the {k} keys that the teacher scores highest for this query, in its order; right: the place of each among
        all {rowLength(family, selection.layer)} keys for {name}. A level line keeps its place, two lines that cross are
        in reversed order, and keys with the very same value are tied: they share the mean of their places. Patches are
        named by row and column.
      </About>
      <div className={rows.stale ? shared.stale : undefined} aria-busy={rows.stale}>
        {teacher === null || student === null || order === null ? (
          <RowMissing rows={rows} wide={523} narrow={1000} />
        ) : (
          <RowOrder order={order} teacher={teacher} student={student} keys={rows.keys} name={name} onPair={onPair} />
        )}
      </div>
    </Block>
  );
}

interface RowOrderProps {
  readonly order: PairOrder;
  readonly teacher: Float32Array;
  readonly student: Float32Array;
  readonly keys: RowKeys;
  /** Of the student. */
  readonly name: string;
  readonly onPair: (pair: readonly [number, number]) => void;
}

function RowOrder({ order, teacher, student, keys: rowKeys, name, onPair }: RowOrderProps) {
  const selection = useAppState((state) => state.selection);
  const family = useAppState((state) => state.family);
  const picture = usePicture();
  const [active, setActive] = useState<number | null>(null);
  const [chosen, setChosen] = useState<readonly number[]>([]);

  const keys = useMemo(() => slopeKeys(order, teacher, student, rowKeys), [order, teacher, student, rowKeys]);
  const relation = useMemo(() => relationIn(order), [order]);
  const isKey = (token: number) => keys.some(({ id }) => id === token);
  // Another row may not have them among its top.
  const pinned = chosen.filter(isKey);
  const shownActive = active !== null && isKey(active) ? active : null;

  const onPin = (id: number) => {
    const next = pinned.includes(id) ? pinned.filter((each) => each !== id) : [...pinned, id].slice(-2);
    setChosen(next);
    const pair = pairOf(next);
    announce(
      pair === null
        ? `${next.length === 0 ? 'No key' : keyName(next[0] ?? 0, rowKeys)} is pinned.`
        : (pairSentence(order, pair, name, rowKeys) ?? ''),
    );
    if (pair !== null) onPair(pair);
  };
  const lit = shownActive === null ? pinned : [...pinned, shownActive];
  const marks: readonly TokenMark[] = [
    ...keys.filter(({ id }) => !lit.includes(id)).map(({ id }) => mark(id, 'key', order, rowKeys)),
    { token: rowKeys.query, kind: 'query' },
    ...[...new Set(lit)].map((id) => mark(id, 'lit', order, rowKeys)),
  ];
  const after = selection.map === 'binarized';

  return (
    <>
      <p className={classes.count}>
        <strong>{countSentence(order)}</strong>{' '}
        {isConstant(student) && `This row of ${name} is constant: it puts no key before another.`}
        {order.tiedOut > 0 &&
          `The teacher ties ${order.tiedOut} more with the last of them; of equals the first in reading order are shown.`}
      </p>
      <div className={classes.columns} data-wide="graph">
        <Slopegraph
          label={`The teacher’s top ${keys.length} keys and their places for ${name}, ${after ? 'after' : 'before'} the binarizer: ${placeLabel(selection, family)}`}
          leftName="Teacher"
          rightName={name}
          leftQuantity="score"
          rightQuantity={after ? 'binarized attention' : 'score'}
          keys={keys}
          size={teacher.length}
          relation={relation}
          active={shownActive}
          onActive={setActive}
          pinned={pinned}
          onPin={onPin}
          onUnpin={() => setChosen([])}
        />
        <div className={classes.side}>
          <MarkedPicture
            label={`The picture: the query ${nameOfToken(rowKeys.query, rowKeys)} and the teacher’s top keys, numbered in its order: ${keys.map(({ id }) => keyInText(id, rowKeys)).join(' ')}`}
            image={picture}
            geometry={rowKeys.geometry}
            marks={marks}
            onPoint={(token) => setActive(token === null ? null : rowKeys.tokens.indexOf(token))}
          />
          <p className={classes.note}>Orange: the query. Numbers: the teacher’s order.</p>
          <p className={classes.readout}>
            {readout(order, lit, name, rowKeys) ??
              'Point at a line (or Tab to it, then arrows) to find its key. Enter or a click pins it; two pinned make a pair, which the loss below looks into.'}
          </p>
        </div>
      </div>
    </>
  );
}

function mark(id: number, kind: TokenMark['kind'], order: PairOrder, keys: RowKeys): TokenMark {
  const text = String(order.keys.findIndex(({ key }) => key === id) + 1);
  return { token: tokenOfKey(keys, id), kind, text };
}

function readout(order: PairOrder, lit: readonly number[], name: string, keys: RowKeys): string | null {
  const distinct = [...new Set(lit)];
  const pair = pairOf(distinct.slice(-2));
  if (pair !== null) return pairSentence(order, pair, name, keys);
  const key = order.keys.find((each) => each.key === distinct[0]);
  if (key === undefined) return null;
  const { teacherRank, studentRank, pairs } = key;
  return `${keyName(key.key, keys)}: place ${teacherRank} for the teacher, ${studentRank} for ${name}. Of its pairs ${pairs.concordant} kept, ${pairs.discordant} reversed, ${pairs.tied} tied.`;
}

function pairOf([a, b]: readonly number[]): readonly [number, number] | null {
  return a === undefined || b === undefined ? null : [a, b];
}

function isConstant(row: Float32Array): boolean {
  return row.every((value) => value === row[0]);
}
