import { useMemo, type ReactNode } from 'react';
import { useAnnounceAtRest } from '@/components/charts/announce';
import { indexOf } from '@/components/charts/data-attributes';
import { Bracket, RankGrid, SlopeHeads, SlopeLegend } from '@/components/charts/slope-frame';
import { LEADER, rankText, SlopeLine, type SlopeKey, type SlopeRank } from '@/components/charts/slope-line';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { useRovingFocus } from '@/components/ui/use-roving-focus';
import { slopeLayout } from '@/lib/viz/slope-layout';
import { countRelations, mostOf, relationCountText, type SlopeRelation } from '@/lib/viz/slope-relation';
import chart from './chart.module.css';
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
  /** Number of ranked keys in all. */
  readonly size: number;
  /** Of two lines, by index in `keys`. */
  readonly relation: (a: number, b: number) => SlopeRelation;
  /** The line under the pointer or the keyboard, by its id; shared with the picture beside it. */
  readonly active: number | null;
  readonly onActive: (id: number | null) => void;
  /** Ids, at most two. */
  readonly pinned: readonly number[];
  readonly onPin: (id: number) => void;
  readonly onUnpin: () => void;
}

const HEIGHT = 424;
/** Half a line of text, below the last rank. */
const BOTTOM = 8;
/** Smallest height of a target (WCAG 2.5.8). */
const LABEL_GAP = 24;
/** Widths of the labels. */
const LABELS = { left: 92, right: 124 };
const LABELS_NARROW = { left: 78, right: 108 };
const NARROW = 420;

/**
 * The first keys of one ranking and their ranks in another, on one scale: a level line keeps its rank, two lines that cross are in reversed
 * order. Arrows move along the lines, Enter or Space pins one, Escape unpins.
 */
export function Slopegraph(props: SlopegraphProps): ReactNode {
  const { label, keys, size, relation, active, onActive, pinned, onPin, onUnpin } = props;
  const [frame, width] = useWidth<HTMLDivElement>(520);
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
  // With two lines pinned, none is compared with all others.
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

  const { focused, handlers } = useRovingFocus<number>({
    itemAt: (target) => indexOf(target, 'data-line'),
    selectorOf: (id) => `[data-line="${id}"]`,
    move: (id, { key }) => {
      const index = keys.findIndex((each) => each.id === id);
      return keys[MOVES[key]?.(index, keys.length - 1) ?? -1]?.id ?? null;
    },
    onSelect: onPin,
    onActive: (id, by) => {
      if (id !== active) onActive(id);
      if (by === 'pointer' && id !== active) announceAtRest(nameOf(keys.findIndex((key) => key.id === id)));
      if (by === 'leave') announceAtRest('');
    },
  });

  const tabStop = keys.some(({ id }) => id === focused) ? focused : (pinned[0] ?? keys[0]?.id ?? null);
  return (
    <ViewAsTable table={() => tableOf(props, counts.map(relationCountText))} header={<SlopeHeads {...props} />}>
      <div ref={frame} className={chart.plot}>
        <svg
          role="listbox"
          aria-multiselectable="true"
          aria-label={label}
          width={width}
          height={HEIGHT + BOTTOM}
          className={`${chart.svg} ${classes.svg}`}
          {...handlers}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && pinned.length > 0) {
              event.preventDefault();
              onUnpin();
            } else if (!event.ctrlKey) handlers.onKeyDown(event);
          }}
          // Between the lines none is active but the focused one.
          onPointerMove={(event) => {
            if (indexOf(event.target, 'data-line') === null) handlers.onPointerLeave();
            else handlers.onPointerMove(event);
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
  return `${spoken}: ${leftName} ${spokenRank(left, size)}, ${rightName} ${spokenRank(right, size)}; pairs with the others shown: ${counts}`;
}

function spokenRank({ rank, tiedWith }: SlopeRank, size: number): string {
  const ties = tiedWith === 0 ? '' : `, tied with ${tiedWith} ${tiedWith === 1 ? 'other' : 'others'}`;
  return `rank ${rank} of ${size}${ties}`;
}

function tableOf(props: SlopegraphProps, counts: readonly string[]): ChartTable {
  const { label, keys, leftName, rightName, leftQuantity, rightQuantity } = props;
  const side = (name: string, quantity: string) => [`${name}: rank`, `${name}: ${quantity}`];
  return {
    caption: `${label}. Tied keys share the mean of their ranks, marked =.`,
    columns: ['key', ...side(leftName, leftQuantity), ...side(rightName, rightQuantity), { text: 'its pairs' }],
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

/** The line that a key leads to, by index. */
const MOVES: { readonly [Key in string]?: (index: number, last: number) => number } = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowRight: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  ArrowLeft: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_, last) => last,
};
