import {
  memo,
  useState,
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { useAnnounceAtRest } from '@/components/charts/use-announce-at-rest';
import { indexOf } from '@/components/charts/data-attributes';
import { moveInRows } from '@/lib/viz/grid-moves';
import classes from './chart-columns.module.css';

export interface ChartColumnsProps {
  /** What the chart shows. */
  readonly label: string;
  /** Each column with all that stands in it: `layer 1: Teacher 0.2, Baseline n/a`. */
  readonly names: readonly string[];
  /** Share of the width that each takes; alike by default. */
  readonly widths?: readonly number[];
  readonly selected?: number | null;
  /** Left out where there is nothing to choose. */
  readonly onSelect?: (index: number) => void;
  /** Arrows choose at once, as in a group of radio buttons; if not, Enter or Space does. */
  readonly selectOnMove?: boolean;
  /** The column under the pointer or the keyboard. */
  readonly active: number | null;
  readonly onActive: (index: number | null) => void;
  /** Where the plot lies in the chart. */
  readonly style: CSSProperties;
}

/**
 * The columns of a chart as invisible cells over its picture: one tab stop, arrows read column by column, click, Enter or Space chooses. A chart that
 * draws with these needs no tooltip of its own.
 */
export const ChartColumns = memo(function ChartColumns(props: ChartColumnsProps): ReactNode {
  const { label, names, widths, selected = null, onSelect, selectOnMove = false, active, onActive, style } = props;
  const [focused, setFocused] = useState<number | null>(null);
  const announceAtRest = useAnnounceAtRest();
  const tabStop = Math.min(focused ?? selected ?? 0, Math.max(0, names.length - 1));

  const select = (index: number) => {
    if (index !== selected) onSelect?.(index);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const column = indexOf(event.target, 'data-column');
    if (column === null || event.altKey || event.metaKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && onSelect !== undefined) {
      event.preventDefault();
      select(column);
      return;
    }
    if (!/^(ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) return;
    const moved = moveInRows({ row: 0, column }, event, [names.length]);
    if (moved === null) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-column="${moved.column}"]`)?.focus();
    if (selectOnMove) select(moved.column);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const column = indexOf(event.target, 'data-column');
    if (column === null || column === active) return;
    onActive(column);
    if (event.pointerType !== 'touch') announceAtRest(names[column] ?? '');
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const column = indexOf(event.target, 'data-column');
    setFocused(column);
    onActive(column);
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setFocused(null);
    onActive(null);
  };

  return (
    <div
      role="grid"
      aria-label={label}
      className={classes.columns}
      style={style}
      data-choosable={onSelect !== undefined}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={onBlur}
      onPointerMove={onPointerMove}
      onPointerLeave={() => {
        announceAtRest('');
        onActive(focused);
      }}
      onClick={(event) => {
        const column = indexOf(event.target, 'data-column');
        if (column !== null) select(column);
      }}
    >
      <div role="row" className={classes.row}>
        {names.map((name, index) => (
          <div
            key={index}
            role="gridcell"
            data-column={index}
            tabIndex={index === tabStop ? 0 : -1}
            aria-label={name}
            {...(onSelect === undefined ? {} : { 'aria-selected': index === selected })}
            className={classes.column}
            style={{ flexGrow: widths?.[index] ?? 1 }}
          />
        ))}
      </div>
    </div>
  );
});
