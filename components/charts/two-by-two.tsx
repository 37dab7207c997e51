import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ModelMarker } from '@/components/charts/model-marker';
import { formatFixed, NOT_AVAILABLE } from '@/lib/viz/format';
import classes from './two-by-two.module.css';

export interface Switches {
  readonly scaling: boolean;
  readonly ranking: boolean;
}

export interface TwoByTwoCell {
  readonly id: string;
  readonly name: string;
  readonly switches: Switches;
  /** Share, 0..1; `null` where not measured. */
  readonly accuracy: number | null;
}

export interface TwoByTwoProps {
  readonly label: string;
  readonly cells: readonly TwoByTwoCell[];
  readonly selected: Switches;
  readonly onSelect: (switches: Switches) => void;
}

/** Rows by the scaling factor, columns by ranking-aware distillation. */
const POSITIONS: readonly Switches[] = [
  { scaling: false, ranking: false },
  { scaling: false, ranking: true },
  { scaling: true, ranking: false },
  { scaling: true, ranking: true },
];

/** The students as control and result at once: a group of radio buttons in which arrows move in two dimensions. */
export function TwoByTwo({ label, cells, selected, onSelect }: TwoByTwoProps): ReactNode {
  const name = useId();
  const root = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = switchesAfter(event.key, selected);
    if (next === null || cellOf(cells, next) === null) return;
    event.preventDefault();
    if (next.scaling !== selected.scaling || next.ranking !== selected.ranking) onSelect(next);
    const cell = cellOf(cells, next);
    root.current?.querySelector<HTMLInputElement>(`input[value="${cell?.id ?? ''}"]`)?.focus();
  };

  return (
    <div ref={root} role="radiogroup" aria-label={label} className={classes.root} onKeyDown={onKeyDown}>
      <span aria-hidden="true" className={classes.column} style={{ gridArea: '1 / 2' }}>
        ranking off
      </span>
      <span aria-hidden="true" className={classes.column} style={{ gridArea: '1 / 3' }}>
        ranking on
      </span>
      {['off', 'on'].map((state, row) => (
        <span key={state} aria-hidden="true" className={classes.rowName} style={{ gridArea: `${row + 2} / 1` }}>
          α {state}
        </span>
      ))}
      {POSITIONS.map((position) => {
        const cell = cellOf(cells, position);
        const gridArea = `${position.scaling ? 3 : 2} / ${position.ranking ? 3 : 2}`;
        return cell === null ? (
          <span key={gridArea} className={classes.cell} style={{ gridArea }}>
            <span className={classes.name}>not in this family</span>
          </span>
        ) : (
          <label key={gridArea} className={classes.cell} style={{ gridArea }}>
            <input
              type="radio"
              name={name}
              value={cell.id}
              className={classes.input}
              checked={isSame(position, selected)}
              aria-label={`${cell.name}: ${spokenAccuracy(cell.accuracy)}`}
              onChange={() => onSelect(position)}
            />
            <span className={classes.accuracy}>{accuracyText(cell.accuracy)}</span>
            <span className={classes.name}>
              <ModelMarker model={cell.id} size={11} />
              {cell.name}
            </span>
          </label>
        );
      })}
    </div>
  );
}

function isSame(a: Switches, b: Switches): boolean {
  return a.scaling === b.scaling && a.ranking === b.ranking;
}

function cellOf(cells: readonly TwoByTwoCell[], switches: Switches): TwoByTwoCell | null {
  return cells.find((cell) => isSame(cell.switches, switches)) ?? null;
}

/** Left and right switch the ranking, up and down the scaling factor; `null` for other keys. */
function switchesAfter(key: string, { scaling, ranking }: Switches): Switches | null {
  switch (key) {
    case 'ArrowLeft':
      return { scaling, ranking: false };
    case 'ArrowRight':
      return { scaling, ranking: true };
    case 'ArrowUp':
      return { scaling: false, ranking };
    case 'ArrowDown':
      return { scaling: true, ranking };
    default:
      return null;
  }
}

/** In percent without the sign, which the caption has. */
function accuracyText(share: number | null): string {
  return share === null ? NOT_AVAILABLE : formatFixed(100 * share, 2);
}

function spokenAccuracy(share: number | null): string {
  return share === null ? 'accuracy not measured' : `${formatFixed(100 * share, 2)} percent`;
}
