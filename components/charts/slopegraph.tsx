import { useMemo, useState, type FocusEvent, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useAnnounceAtRest } from '@/components/charts/use-announce-at-rest';
import { indexOf } from '@/components/charts/data-attributes';
import { Bracket, RankGrid, SlopeHeads } from '@/components/charts/slope-frame';
import { SlopeLegend } from '@/components/charts/slope-legend';
import { LEADER, rankText, SlopeLine, type SlopeKey, type SlopePlace } from '@/components/charts/slope-line';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { slopeLayout } from '@/lib/viz/slope-layout';
import { countRelations, mostOf, relationCountText, type SlopeRelation } from '@/lib/viz/slope-relation';
import classes from './slopegraph.module.css';

export interface SlopegraphProps {
  /** What is compared: the accessible name. */
  readonly label: string;
  /** Whose ranks: `Teacher`, `Bi-ViT`. */
  readonly leftName: string;
  readonly rightName: string;
  /** What is ranked: `score`, `attention`. */
  readonly leftQuantity: string;
  readonly rightQuantity: string;
  /** In the order of the left ranking. */
  readonly keys: readonly SlopeKey[];
  /** How many keys are ranked in all. */
  readonly size: number;
  /** Of two lines, by their index in `keys`. */
  readonly relation: (a: number, b: number) => SlopeRelation;
  /** The line under the pointer or the keyboard, by its id; shared with the picture beside it. */
  readonly active: number | null;
  readonly onActive: (id: number | null) => void;
  /** Ids; at most two are of use. */
  readonly pinned: readonly number[];
  readonly onPin: (id: number) => void;
  readonly onUnpin: () => void;
}

const HEIGHT = 424;
/** Half a line of text, for the last rank. */
const BOTTOM = 8;
/** As high as a target must be. */
const LABEL_GAP = 24;
/** Room for the labels of either side; less of it where the lines would have none. */
const LABELS = { left: 92, right: 124 };
const LABELS_NARROW = { left: 78, right: 108 };
const NARROW = 420;

/**
 * The first keys of one ranking and where another puts them. One scale of rank for both sides: a level line keeps its rank, and
 * two lines that cross are in reversed order. Arrows walk along the lines, Enter or Space pins one, Escape lets go.
 */
export function Slopegraph(props: SlopegraphProps): ReactNode {
  const { label, keys, size, relation, active, onActive, pinned, onPin, onUnpin } = props;
  const [frame, width] = useWidth<HTMLDivElement>(520);
  const [focused, setFocused] = useState<number | null>(null);
  const announceAtRest = useAnnounceAtRest();
  const layout = useMemo(
    () =>
      slopeLayout(
        keys.map(({ left, right }) => ({ left: left.rank, right: right.rank })),
        { size, top: keys.length, height: HEIGHT, labelGap: LABEL_GAP },
      ),
    [keys, size],
  );
  const counts = keys.map((_, index) =>
    countRelations(keys.flatMap((__, other) => (other === index ? [] : [relation(index, other)]))),
  );
  // With two pinned the pair is the matter, with one the others' relation to it.
  const reference = active ?? (pinned.length === 1 ? pinned[0] : null);
  const referenceIndex = keys.findIndex(({ id }) => id === reference);
  const labels = width < NARROW ? LABELS_NARROW : LABELS;
  const columns = { width, lineFrom: labels.left + LEADER, lineTo: width - labels.right - LEADER };
  const nameOf = (index: number) => lineName(props, index, relationCountText(counts[index] ?? countRelations([])));

  const relationOf = (index: number): SlopeRelation | null => {
    if (referenceIndex === index) return null;
    return referenceIndex === -1 ? mostOf(counts[index] ?? countRelations([])) : relation(referenceIndex, index);
  };
  const emphasisOf = (id: number) => {
    if (id === active || pinned.includes(id)) return 'strong';
    return active === null && pinned.length > 1 ? 'faint' : 'plain';
  };

  const onKeyDown = (event: KeyboardEvent<SVGElement>) => {
    const id = indexOf(event.target, 'data-line');
    if (id === null || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Enter' || event.key === ' ') onPin(id);
    else if (event.key === 'Escape' && pinned.length > 0) onUnpin();
    else {
      const next = lineAfter(event.key, keys, id);
      if (next === undefined) return;
      event.currentTarget.querySelector<SVGElement>(`[data-line="${next.id}"]`)?.focus();
    }
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<SVGElement>) => {
    const id = indexOf(event.target, 'data-line');
    if (id === active) return;
    onActive(id ?? focused);
    announceAtRest(id === null ? '' : nameOf(keys.findIndex((key) => key.id === id)));
  };
  const onFocus = (event: FocusEvent<SVGElement>) => {
    const id = indexOf(event.target, 'data-line');
    setFocused(id);
    onActive(id);
  };
  const onBlur = (event: FocusEvent<SVGElement>) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setFocused(null);
    onActive(null);
  };

  const tabStop = keys.some(({ id }) => id === focused) ? focused : (pinned[0] ?? keys[0]?.id ?? null);
  return (
    <ViewAsTable table={() => tableOf(props, counts.map(relationCountText))} header={<SlopeHeads {...props} />}>
      <div ref={frame} className={classes.frame}>
        <svg
          role="listbox"
          aria-multiselectable="true"
          aria-label={label}
          width={width}
          height={HEIGHT + BOTTOM}
          className={classes.svg}
          onKeyDown={onKeyDown}
          onPointerMove={onPointerMove}
          onPointerLeave={() => {
            announceAtRest('');
            onActive(focused);
          }}
          onFocus={onFocus}
          onBlur={onBlur}
          onClick={(event) => {
            const id = indexOf(event.target, 'data-line');
            if (id !== null) onPin(id);
          }}
        >
          <g aria-hidden="true">
            <rect
              x={columns.lineFrom}
              width={columns.lineTo - columns.lineFrom}
              height={layout.breakY}
              className={classes.top}
            />
            <RankGrid from={columns.lineFrom} to={columns.lineTo} size={size} top={keys.length} yOf={layout.yOf} />
            {layout.leftTies.map((tie) => (
              <Bracket key={tie.rank} tie={tie} x={columns.lineFrom - LEADER} side="left" />
            ))}
            {layout.rightTies.map((tie) => (
              <Bracket key={tie.rank} tie={tie} x={columns.lineTo + LEADER} side="right" />
            ))}
          </g>
          {keys.map((slopeKey, index) => {
            const [left, right] = [layout.lefts[index], layout.rights[index]];
            if (left === undefined || right === undefined) return null;
            return (
              <SlopeLine
                key={slopeKey.id}
                slopeKey={slopeKey}
                left={left}
                right={right}
                columns={columns}
                relation={relationOf(index)}
                emphasis={emphasisOf(slopeKey.id)}
                pinned={pinned.includes(slopeKey.id)}
                tabIndex={slopeKey.id === tabStop ? 0 : -1}
                label={nameOf(index)}
              />
            );
          })}
        </svg>
      </div>
      <SlopeLegend reference={keys[referenceIndex]?.name ?? null} />
    </ViewAsTable>
  );
}

function lineName({ keys, size, leftName, rightName }: SlopegraphProps, index: number, counts: string): string {
  const key = keys[index];
  if (key === undefined) return '';
  const { spoken, left, right } = key;
  return `${spoken}: ${leftName} ${spokenPlace(left, size)}, ${rightName} ${spokenPlace(right, size)}; pairs with the others shown: ${counts}`;
}

function spokenPlace({ rank, tiedWith }: SlopePlace, size: number): string {
  const ties = tiedWith === 0 ? '' : `, tied with ${tiedWith} ${tiedWith === 1 ? 'other' : 'others'}`;
  return `place ${rank} of ${size}${ties}`;
}

function tableOf(props: SlopegraphProps, counts: readonly string[]): ChartTable {
  const { label, keys, leftName, rightName, leftQuantity, rightQuantity } = props;
  const place = (name: string, quantity: string) => [
    { name: `${name}: place`, numeric: true },
    { name: `${name}: ${quantity}`, numeric: true },
  ];
  return {
    caption: `${label}. Tied keys share the mean of their places, marked =.`,
    columns: [
      { name: 'key' },
      ...place(leftName, leftQuantity),
      ...place(rightName, rightQuantity),
      { name: 'its pairs' },
    ],
    rows: keys.map(({ spoken, left, right }, index) => [
      spoken,
      rankText(left),
      left.value,
      rankText(right),
      right.value,
      counts[index] ?? '',
    ]),
  };
}

function lineAfter(key: string, keys: readonly SlopeKey[], id: number): SlopeKey | undefined {
  const index = keys.findIndex((each) => each.id === id);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return keys[Math.min(keys.length - 1, index + 1)];
    case 'ArrowUp':
    case 'ArrowLeft':
      return keys[Math.max(0, index - 1)];
    case 'Home':
      return keys[0];
    case 'End':
      return keys.at(-1);
    default:
      return undefined;
  }
}
