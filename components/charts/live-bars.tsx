import { useEffect, useRef, type ReactNode } from 'react';
import { formatPercent } from '@/lib/viz/format';
import classes from './live-bars.module.css';

export type ShowProbabilities = (probabilities: ArrayLike<number>) => void;

export interface LiveBarsProps {
  readonly label: string;
  readonly classNames: readonly string[];
  /** Shown as numbers, so updated slowly; `null` before the first frame. */
  readonly probabilities: ArrayLike<number> | null;
  /** Called with a function that moves the bars, and with `null` on unmount. Must be stable. */
  readonly onBars: (show: ShowProbabilities | null) => void;
}

/** A bar for each class, in a fixed order. Bars move with every frame, numbers a few times a second. */
export function LiveBars({ label, classNames, probabilities, onBars }: LiveBarsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    onBars((newest) => {
      const bars = list.current?.querySelectorAll<HTMLElement>('[data-bar]') ?? [];
      bars.forEach((bar, i) => {
        bar.style.transform = `scaleX(${newest[i] ?? 0})`;
      });
    });
    return () => onBars(null);
  }, [onBars]);
  const top = probabilities === null ? -1 : indexOfLargest(probabilities);
  return (
    <ul ref={list} className={classes.list} aria-label={label}>
      {classNames.map((name, i) => (
        <li key={name} className={classes.row} data-top={i === top}>
          <span>{name}</span>
          <span className={classes.track} aria-hidden="true">
            <span className={classes.bar} data-bar />
          </span>
          <span className={`lens-numbers ${classes.value}`}>
            {probabilities === null ? '–' : formatPercent(probabilities[i], 0)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i;
  return best;
}
