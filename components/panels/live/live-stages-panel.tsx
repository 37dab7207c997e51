import type { ReactNode } from 'react';
import { StackedBars } from '@/components/charts/stacked-bars';
import { Block } from '@/components/ui/block';
import type { LiveReport } from '@/lib/store/live-loop';
import { formatBytes, formatCount, formatMs } from '@/lib/viz/format';
import { stageParts } from './live-stages';
import classes from './live.module.css';

interface LiveStagesPanelProps {
  readonly report: LiveReport | null;
}

/** Where the time of a frame goes: means over the last second. */
export function LiveStagesPanel({ report }: LiveStagesPanelProps): ReactNode {
  const statistics = report?.statistics ?? null;
  const { parts, values } = stageParts(statistics?.stages ?? []);
  return (
    <Block
      title="Where the time goes"
      detail="a frame, from the capture to the drawing; means over the last second"
      id="live-stages"
    >
      <dl className={classes.numbers}>
        <Number name="frames per second" id="fps" value={String(statistics?.framesPerSecond ?? '–')} />
        <Number name="a frame" id="frame-ms" value={statistics === null ? '–' : formatMs(statistics.frameMs)} />
        <Number name="passed over per second" id="skipped" value={String(statistics?.skippedPerSecond ?? '–')} />
        <Number
          name="held by the models"
          id="memory"
          value={
            report === null
              ? '–'
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
            format={formatMs}
          />
        )}
      </div>
      <p className={classes.note}>
        Pictures come with the screen’s repaints (or the camera’s frames), so there are no more frames than those;
        pictures that come while a frame is on its way are passed over. <em>Queue and transfer</em> is what the worker’s
        own clock leaves of the round trip. On a graphics backend stages only hand over their work, and <em>reading</em>{' '}
        waits for it.
      </p>
    </Block>
  );
}

function Number({
  name,
  id,
  value,
}: {
  readonly name: string;
  readonly id: string;
  readonly value: string;
}): ReactNode {
  return (
    <div className={classes.number}>
      <dt>{name}</dt>
      <dd className="lens-numbers" data-live={id}>
        {value}
      </dd>
    </div>
  );
}
