import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { XTicks, YTicks } from '@/components/charts/axes';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './hinge-chart.module.css';

export interface HingeChartProps {
  /** What the chart shows: its accessible name starts with it. */
  readonly label: string;
  readonly margin: number;
  /** The largest margin that can be chosen: the axes fit it, so that they do not move. */
  readonly largestMargin: number;
  /** (s_i - s_j) sign(t_i - t_j); `null`: no pair. */
  readonly lead: number | null;
}

const HEIGHT = 216;
const FRAME = { top: 26, right: 14, bottom: 42, left: 46 };
/** The axis reaches this far without a pair there: the hinge must be seen to rise and to be flat. */
const LEAST_LEAD = -1;
const BEYOND_MARGIN = 0.5;

/** relu(margin - lead) over the lead, with one pair on it. */
export function HingeChart({ label, margin, largestMargin, lead }: HingeChartProps): ReactNode {
  const [frame, width] = useWidth<HTMLDivElement>(420);
  const from = Math.min(LEAST_LEAD, (lead ?? 0) * 1.15);
  const to = Math.max(largestMargin + BEYOND_MARGIN, (lead ?? 0) * 1.15);
  const x = scaleLinear([from, to], [FRAME.left, width - FRAME.right]);
  const y = scaleLinear([0, largestMargin - from], [HEIGHT - FRAME.bottom, FRAME.top]);
  const loss = (at: number) => Math.max(0, margin - at);
  const floor = y(0);
  const area = { y: FRAME.top - 18, height: floor - FRAME.top + 18 };

  const table = (): ChartTable => ({
    caption: `${label}: the pair, and points of the hinge`,
    columns: ['where', 'lead', 'loss'],
    rows: [
      ...(lead === null ? [] : [['this pair', formatNumber(lead), formatNumber(loss(lead))]]),
      ['left end', formatNumber(from), formatNumber(loss(from))],
      ['no lead', '0', formatNumber(loss(0))],
      ['margin', formatNumber(margin), '0'],
      ['right end', formatNumber(to), formatNumber(loss(to))],
    ],
  });
  const spoken =
    lead === null
      ? 'no pair to show'
      : `lead ${formatNumber(lead)}, loss ${formatNumber(loss(lead))}, margin ${formatNumber(margin)}`;
  const isNearRight = lead !== null && x(lead) > width - 90;

  return (
    <ViewAsTable table={table} header={<span className={chart.title}>The hinge</span>}>
      <div ref={frame} className={chart.plot}>
        <svg role="img" aria-label={`${label}: ${spoken}`} width={width} height={HEIGHT} className={chart.svg}>
          <rect {...area} x={x(from)} width={x(0) - x(from)} className={classes.reversed} />
          <rect {...area} x={x(0)} width={x(margin) - x(0)} className={classes.close} />
          <text x={x(from) + 4} y={FRAME.top - 5} className={chart.tick}>
            wrong order
          </text>
          <text x={x(margin) + 6} y={FRAME.top - 5} className={chart.tick}>
            {x(to) - x(margin) > 150 ? 'right, by more than m: no pull' : 'no pull'}
          </text>

          <YTicks
            ticks={y.ticks(4).map((tick) => ({ at: y(tick), label: formatNumber(tick) }))}
            left={x(from)}
            right={x(to)}
          />
          <path d={`M${x(from)},${floor}H${x(to)}`} className={chart.axis} />
          <XTicks ticks={x.ticks(5).map((tick) => ({ at: x(tick), label: formatNumber(tick) }))} y={floor + 18} />
          <text x={(x(from) + x(to)) / 2} y={HEIGHT - 4} textAnchor="middle" className={chart.tick}>
            lead of the student, (sᵢ − sⱼ) · sign(tᵢ − tⱼ)
          </text>

          <path d={`M${x(from)},${y(loss(from))}L${x(margin)},${floor}H${x(to)}`} className={classes.hinge} />
          {lead !== null && (
            <>
              {loss(lead) > 0 && (
                <path d={`M${x(lead)},${floor}V${y(loss(lead))}H${x(from)}`} className={classes.drop} />
              )}
              <circle cx={x(lead)} cy={y(loss(lead))} r={6} className={classes.point} />
              <text
                x={x(lead) + (isNearRight ? -10 : 10)}
                y={y(loss(lead)) - 11}
                textAnchor={isNearRight ? 'end' : 'start'}
                className={classes.value}
              >
                ℓ = {formatNumber(loss(lead))}
              </text>
            </>
          )}
        </svg>
      </div>
    </ViewAsTable>
  );
}
