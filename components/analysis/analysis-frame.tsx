'use client';

import { Button, Progress, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnalysisView } from '@/state/use-analysis';
import classes from './analysis-frame.module.css';

export interface AnalysisFrameProps<Result> {
  readonly view: AnalysisView<Result>;
  /** What is awaited: `the gradients`. */
  readonly label: string;
  /** Pixels; what the children take, so that nothing jumps when they come. */
  readonly minHeight: number;
  readonly children: (result: Result) => ReactNode;
}

/** Around whatever shows an analysis: its room before it is here, its progress, its failure. */
export function AnalysisFrame<Result>({ view, label, minHeight, children }: AnalysisFrameProps<Result>): ReactNode {
  const { result, stale, running, progress, error } = view;
  // What is known of the present question says more than all of an earlier one.
  const partial = progress?.partial ?? null;
  const shown = partial ?? result;
  const isDimmed = partial === null && stale;
  return (
    <div>
      <div style={{ minHeight }} className={isDimmed ? classes.stale : undefined} aria-busy={running}>
        {shown !== null ? children(shown) : running ? <Skeleton height={minHeight} /> : null}
        {shown === null && !running && (
          <div className={classes.nothing} style={{ minHeight }}>
            <Halted view={view} label={label} />
          </div>
        )}
      </div>
      <div className={classes.foot}>
        {running ? <Underway view={view} label={label} /> : shown !== null && <Halted view={view} label={label} />}
      </div>
      <span role="status" className="lens-visually-hidden">
        {running ? `Computing ${label}.` : error === null && shown !== null ? `Here: ${label}.` : ''}
      </span>
    </div>
  );
}

type FrameParts<Result> = Pick<AnalysisFrameProps<Result>, 'view' | 'label'>;

/** In a line beneath, whose room is always kept. */
function Underway<Result>({ view: { progress, cancel }, label }: FrameParts<Result>): ReactNode {
  if (progress === null || progress.total === 0) return null;
  const { what, done, total } = progress;
  return (
    <div className={classes.progress}>
      <span className={classes.what}>
        {what}: {done} of {total}
      </span>
      <Progress className={classes.bar} size="sm" value={(100 * done) / total} aria-label={`Progress of ${label}`} />
      <Button size="compact-xs" variant="default" onClick={cancel} aria-label={`Cancel: ${label}`}>
        Cancel
      </Button>
    </div>
  );
}

/** Why there is nothing, or nothing new, and the way on; nothing to say where all is here. */
function Halted<Result>({ view, label }: FrameParts<Result>): ReactNode {
  const { result, stale, progress, error, retry } = view;
  if (error !== null) {
    return (
      <>
        <span role="alert" className={classes.error}>
          {error}
        </span>
        <RetryButton label={`Retry: ${label}`} onClick={retry} text="Retry" />
      </>
    );
  }
  if (result !== null && !stale) return null;
  // Neither here nor on its way: the user stopped it.
  const at = progress === null ? '' : ` at ${progress.done} of ${progress.total}`;
  return (
    <>
      <span>Stopped{at}.</span>
      <RetryButton label={`Compute ${label}`} onClick={retry} text="Compute" />
    </>
  );
}

interface RetryButtonProps {
  readonly label: string;
  readonly text: string;
  readonly onClick: () => void;
}

function RetryButton({ label, text, onClick }: RetryButtonProps): ReactNode {
  return (
    <Button size="compact-xs" variant="default" onClick={onClick} aria-label={label}>
      {text}
    </Button>
  );
}
