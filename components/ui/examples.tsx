import { useId, type ReactNode } from 'react';
import classes from './examples.module.css';

export interface Example {
  readonly id: string;
  /** `Pullover, sample 17`. */
  readonly name: string;
  readonly thumbnail: ReactNode;
}

export interface ExamplesProps {
  readonly label: string;
  readonly examples: readonly Example[];
  /** `null` when the picture is none of these. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** A strip of pictures to choose from: radio buttons, so one tab stop and arrows within. */
export function Examples({ label, examples, selected, onSelect }: ExamplesProps): ReactNode {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={label} className={classes.strip}>
      {examples.map(({ id, name, thumbnail }) => (
        <label key={id} className={classes.example} title={name}>
          {thumbnail}
          <input
            type="radio"
            name={group}
            className={classes.input}
            aria-label={name}
            checked={id === selected}
            onChange={() => onSelect(id)}
          />
        </label>
      ))}
    </div>
  );
}
