import type { ReactNode } from 'react';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { ARCHITECTURES } from '@/models/published';
import type { Cost } from '@/models/accounting/count-cost';
import { PUBLISHED, publishedRatio, ratioBounds } from '@/lib/accounting/published';
import { formatFixed, formatOperations, formatPercent, formatTimes } from '@/lib/viz/format';
import type { ModelConfig } from '@/models/config';
import type { ChoiceId } from './cost-choice';
import { RATIO_FORMULAS } from './cost-formulas';
import { MeasuredRatio } from './measured-ratio';
import { Ratio } from './ratio';
import classes from './cost.module.css';

interface RatioPanelProps {
  readonly architecture: ChoiceId;
  /** Of what is counted. */
  readonly name: string;
  readonly config: ModelConfig;
  readonly cost: Cost;
}

const PAPER = 'https://arxiv.org/abs/2305.12354';

/** How much faster? Three numbers that are easily taken for one another. */
export function RatioPanel({ architecture, name, config, cost }: RatioPanelProps): ReactNode {
  return (
    <Block title="How much faster" detail={`${name}: three numbers, three meanings`} id="cost-ratios">
      <About formulas={RATIO_FORMULAS}>
        The first is what the paper prints, the second what exact counting gives for the parts that are one bit above,
        the third what a clock says when it is asked. None of them stands for another: a theoretical acceleration
        becomes a real one only where packed kernels run, and where nothing else takes the time.
      </About>
      <div className={classes.ratios}>
        <Ratio
          kind="As published"
          value={formatTimes(publishedRatio(architecture)?.ratio)}
          note={publishedNote(architecture, name)}
        >
          <p>
            The paper prints {formatTimes(PUBLISHED.deit_tiny.ratio)} for DeiT-Tiny and{' '}
            {formatTimes(PUBLISHED.swin_tiny.ratio)} for Swin-Tiny. No exact count gives them; they are ratios of
            entries that were rounded to two decimals before:
          </p>
          <ul className={classes.quotients}>
            {(['deit_tiny', 'swin_tiny'] as const).map((id) => {
              const { ratio, realGigaOps, binaryGigaOps } = PUBLISHED[id];
              const { low, high } = ratioBounds(PUBLISHED[id]);
              return (
                <li key={id}>
                  {ARCHITECTURES[id].name}: {formatFixed(realGigaOps)} G / {formatFixed(binaryGigaOps)} G ={' '}
                  {formatTimes(ratio)}, where the rounding leaves {formatTimes(low)} to {formatTimes(high)}
                </li>
              );
            })}
          </ul>
          <p>
            1.23 G is what the blocks alone take with 198 tokens, 4.49 G all of Swin-Tiny. The ratios are{' '}
            <a href={PAPER} target="_blank" rel="noreferrer">
              the paper’s
            </a>{' '}
            and follow none of the switches above; how they come about was found here.
          </p>
        </Ratio>
        <Ratio
          kind="Recomputed"
          value={formatTimes(cost.ratio)}
          note={`${formatOperations(cost.real.ops)} / ${formatOperations(cost.total.ops)} OPs, exact`}
        >
          <p className={classes.varies}>{recomputedSentence(cost)}</p>
          <p className="lens-numbers">
            BOPs / 64 + FLOPs: {formatOperations(cost.total.bops)} / 64 + {formatOperations(cost.total.flops)} ={' '}
            {formatOperations(cost.total.ops)}
          </p>
        </Ratio>
        <MeasuredRatio architecture={architecture} name={name} config={config} />
      </div>
    </Block>
  );
}

function publishedNote(architecture: ChoiceId, name: string): string {
  return publishedRatio(architecture) === null
    ? `the paper prints none for ${name}`
    : `${name}, theoretical acceleration by FLOPs`;
}

/** What bounds the ratio. */
export function recomputedSentence({ total, ratio }: Cost): string {
  if (total.bops === 0) return 'Nothing is one bit, so nothing is gained.';
  if (total.flops === 0) return 'Every product is of one-bit numbers: 64 is as far as the ratio goes.';
  return `What stays at 32 bits is ${formatPercent(total.flops / total.macs)} of the multiply-accumulates, and ${formatPercent(
    total.flops / total.ops,
  )} of the operations that remain: it keeps the ratio at ${formatTimes(ratio)} instead of 64.`;
}
