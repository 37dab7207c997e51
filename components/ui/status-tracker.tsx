import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './status-tracker.module.css';

export type StatusPhase = 'idle' | 'loading' | 'running' | 'ready' | 'error';

export interface StatusTrackerProps {
  readonly phase: StatusPhase;
  /** `ready`, `loading Bi-ViT`. */
  readonly text: string;
  /** 0..1; `null` while under way without a known end; left out when nothing is under way. */
  readonly progress?: number | null;
  readonly onCancel?: () => void;
  /** `backend: wasm`, `forward: 12 ms`. */
  readonly facts?: readonly { readonly name: string; readonly value: ReactNode }[];
}

/** What the engine does now. The text is spoken when it changes, the bar is not. */
export function StatusTracker({ phase, text, progress, onCancel, facts = [] }: StatusTrackerProps): ReactNode {
  return (
    <div>
      <div className={classes.line}>
        <span className={classes.dot} data-phase={phase} aria-hidden="true" />
        <span role="status" className={classes.text}>
          {text}
        </span>
        {onCancel !== undefined && (
          <Button size="compact-xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      {progress !== undefined && (
        <Progress
          className={classes.progress}
          aria-label={text}
          size="sm"
          value={progress === null ? 100 : 100 * progress}
          striped={progress === null}
          animated={progress === null}
        />
      )}
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ name, value }) => (
            <div key={name} className={classes.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
