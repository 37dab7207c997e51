import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ModelMarker } from '@/components/charts/model-marker';
import { formatFixed, NOT_AVAILABLE } from '@/lib/viz/format';
import type { StudentId } from '@/engine/protocol';
import classes from './two-by-two.module.css';

export interface Switches {
  readonly scaling: boolean;
  readonly ranking: boolean;
}

export interface TwoByTwoProps {
  readonly label: string;
  readonly names: { readonly [Id in StudentId]: string };
  /** Shares, 0..1; `null` where not measured. */
  readonly accuracies: { readonly [Id in StudentId]: number | null };
  readonly selected: Switches;
  readonly onSelect: (switches: Switches) => void;
}

const ROWS: readonly (readonly { readonly id: StudentId; readonly switches: Switches }[])[] = [
  [
    { id: 'baseline', switches: { scaling: false, ranking: false } },
    { id: 'ranking', switches: { scaling: false, ranking: true } },
  ],
  [
    { id: 'scaling', switches: { scaling: true, ranking: false } },
    { id: 'bi-vit', switches: { scaling: true, ranking: true } },
  ],
];

/** The four students as control and result at once: a group of radio buttons in which arrows move in two dimensions. */
export function TwoByTwo({ label, names, accuracies, selected, onSelect }: TwoByTwoProps): ReactNode {
  const name = useId();
  const root = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = switchesAfter(event.key, selected);
    if (next === null) return;
    event.preventDefault();
    if (next.scaling !== selected.scaling || next.ranking !== selected.ranking) onSelect(next);
    root.current?.querySelector<HTMLInputElement>(`input[value="${studentOf(next)}"]`)?.focus();
  };

  return (
    <div ref={root} role="radiogroup" aria-label={label} className={classes.root} onKeyDown={onKeyDown}>
      <span aria-hidden="true" className={classes.column} style={{ gridArea: '1 / 2' }}>
        ranking off
      </span>
      <span aria-hidden="true" className={classes.column} style={{ gridArea: '1 / 3' }}>
        ranking on
      </span>
      {ROWS.map((row, index) => (
        <span key={index} aria-hidden="true" className={classes.rowName} style={{ gridArea: `${index + 2} / 1` }}>
          α {index === 0 ? 'off' : 'on'}
        </span>
      ))}
      {ROWS.flatMap((row, rowIndex) =>
        row.map(({ id, switches }, columnIndex) => (
          <label key={id} className={classes.cell} style={{ gridArea: `${rowIndex + 2} / ${columnIndex + 2}` }}>
            <input
              type="radio"
              name={name}
              value={id}
              className={classes.input}
              checked={switches.scaling === selected.scaling && switches.ranking === selected.ranking}
              aria-label={`${names[id]}: ${spokenAccuracy(accuracies[id])}`}
              onChange={() => onSelect(switches)}
            />
            <span className={classes.accuracy}>{accuracyText(accuracies[id])}</span>
            <span className={classes.name}>
              <ModelMarker model={id} size={11} />
              {names[id]}
            </span>
          </label>
        )),
      )}
    </div>
  );
}

function studentOf({ scaling, ranking }: Switches): StudentId {
  if (scaling) return ranking ? 'bi-vit' : 'scaling';
  return ranking ? 'ranking' : 'baseline';
}

/** Left and right switch the ranking, up and down the scaling factor, as the cells lie; `null` for another key. */
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

/** In percent, the sign left to the caption: two big digits read faster. */
function accuracyText(share: number | null): string {
  return share === null ? NOT_AVAILABLE : formatFixed(100 * share, 2);
}

function spokenAccuracy(share: number | null): string {
  return share === null ? 'accuracy not measured' : `${formatFixed(100 * share, 2)} percent`;
}
