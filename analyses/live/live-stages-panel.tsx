import type { ReactNode } from 'react';
import { StackedBars } from '@/components/charts/stacked-bars';
import { Block } from '@/components/ui/block';
import type { LiveReport } from '@/state/live-loop';
import { formatBytes, formatCount, formatShortMs, NOT_AVAILABLE } from '@/lib/viz/format';
import { forwardMs, stageParts } from './live-stages';
import classes from './live.module.css';

interface LiveStagesPanelProps {
  readonly report: LiveReport | null;
  readonly isRunning: boolean;
}

/** Where the time of a frame goes: means over the last second. */
export function LiveStagesPanel({ report, isRunning }: LiveStagesPanelProps): ReactNode {
  const statistics = report?.statistics ?? null;
  const { parts, values } = stageParts(statistics?.stages ?? []);
  return (
    <Block
      title="Where the time goes"
      detail={`a frame, from the capture to the drawing; means over the last second${isRunning ? '' : ' that it ran'}`}
      id="live-stages"
    >
      <dl className={classes.numbers}>
        <Figure name="frames per second" id="fps" value={String(statistics?.framesPerSecond ?? NOT_AVAILABLE)} />
        <Figure name="a frame" id="frame-ms" value={formatShortMs(statistics?.frameMs)} />
        <Figure name="its forward" id="forward-ms" value={formatShortMs(forwardMs(statistics?.stages ?? []))} />
        <Figure
          name="passed over per second"
          id="skipped"
          value={String(statistics?.skippedPerSecond ?? NOT_AVAILABLE)}
        />
        <Figure
          name="held by the models"
          id="memory"
          value={
            report === null
              ? NOT_AVAILABLE
              : `${formatBytes(report.frame.memoryBytes)} in ${formatCount(report.frame.tensors)} tensors`
          }
        />
      </dl>
      <div className={classes.bar}>
        {parts.length > 0 && (
          <StackedBars
            label="Milliseconds of a frame, by stage"
            parts={parts}
            bars={[{ name: 'a frame', values }]}
            scale="shares"
            format={formatShortMs}
          />
        )}
      </div>
      <p className={classes.note}>
        Pictures come with the screen’s repaints (or the camera’s frames), so there are no more frames than those;
        pictures that come while a frame is on its way are passed over. <em>Queue and transfer</em> is what the worker’s
        own clock leaves of the round trip, most of it the answer’s wait for the page’s next turn. On a graphics backend
        stages only hand over their work, and <em>reading</em> waits for it.
      </p>
    </Block>
  );
}

interface FigureProps {
  readonly name: string;
  /** For those who look it up. */
  readonly id: string;
  readonly value: string;
}

function Figure({ name, id, value }: FigureProps): ReactNode {
  return (
    <div className={classes.number}>
      <dt>{name}</dt>
      <dd className="lens-numbers" data-live={id}>
        {value}
      </dd>
    </div>
  );
}
