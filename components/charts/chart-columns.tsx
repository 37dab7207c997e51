import { memo, type CSSProperties, type ReactNode } from 'react';
import { useAnnounceAtRest } from '@/components/charts/announce';
import { indexOf } from '@/components/charts/data-attributes';
import { useRovingFocus } from '@/components/ui/use-roving-focus';
import { moveInRows } from '@/lib/viz/grid-moves';
import classes from './chart-columns.module.css';

export interface ChartColumnsProps {
  /** What the chart shows. */
  readonly label: string;
  /** Each column with all that stands in it: `layer 1: Teacher 0.2, Baseline n/a`. */
  readonly names: readonly string[];
  /** Share of the width that each takes; equal by default. */
  readonly widths?: readonly number[];
  readonly selected?: number | null;
  /** Left out where there is nothing to choose. */
  readonly onSelect?: (index: number) => void;
  /** Arrows select at once; if not, Enter or Space does. */
  readonly selectOnMove?: boolean;
  /** The column under the pointer or the keyboard. */
  readonly active: number | null;
  readonly onActive: (index: number | null) => void;
  /** Insets of the plot within the chart. */
  readonly style: CSSProperties;
}

/** The columns of a chart as invisible cells over its picture: one tab stop, arrows read column by column. Replaces a tooltip. */
export const ChartColumns = memo(function ChartColumns(props: ChartColumnsProps): ReactNode {
  const { label, names, widths, selected = null, onSelect, selectOnMove = false, active, onActive, style } = props;
  const announceAtRest = useAnnounceAtRest();
  const { focused, handlers } = useRovingFocus<number>({
    itemAt: (target) => indexOf(target, 'data-column'),
    selectorOf: (column) => `[data-column="${column}"]`,
    move: (column, event) =>
      /^(ArrowLeft|ArrowRight|Home|End)$/.test(event.key)
        ? (moveInRows({ row: 0, column }, event, [names.length])?.column ?? null)
        : null,
    onSelect: onSelect && ((index) => index !== selected && onSelect(index)),
    selectOnMove,
    onActive: (column, by) => {
      if (by === 'leave') announceAtRest('');
      if (column === active) return;
      onActive(column);
      if (by === 'pointer' && column !== null) announceAtRest(names[column] ?? '');
    },
  });
  const tabStop = Math.min(focused ?? selected ?? 0, Math.max(0, names.length - 1));
  return (
    <div
      role="grid"
      aria-label={label}
      className={classes.columns}
      style={style}
      data-choosable={onSelect !== undefined}
      {...handlers}
    >
      <div role="row" className={classes.row}>
        {names.map((name, index) => (
          <div
            key={index}
            role="gridcell"
            data-column={index}
            tabIndex={index === tabStop ? 0 : -1}
            aria-label={name}
            aria-selected={onSelect && index === selected}
            className={classes.column}
            style={{ flexGrow: widths?.[index] ?? 1 }}
          />
        ))}
      </div>
    </div>
  );
});
