import type { RequestOf } from '@/engine/analysis';
import { SPEED, type SpeedStudy } from '@/analyses/cost/protocol';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { useAnalysis } from '@/state/use-analysis';
import { formatShortMs, formatTimes, NOT_AVAILABLE } from '@/lib/viz/format';
import type { ModelConfig } from '@/models/config';
import { memberOf, studentIds } from '@/models/families/family';
import { useAppState } from '@/state/use-app-state';
import type { ChoiceId } from './cost-choice';
import { Ratio } from './ratio';

interface MeasuredRatioProps {
  readonly architecture: ChoiceId;
  readonly name: string;
  readonly config: ModelConfig;
}

/** What a clock says, in this browser, when it is asked. */
export function MeasuredRatio({ architecture, name, config }: MeasuredRatioProps): ReactNode {
  const hasBoth = useAppState(({ family }) => memberOf(family, 'teacher') !== null && studentIds(family).length > 0);
  const what = measurable(architecture, config, hasBoth);
  const key = JSON.stringify(what);
  /** How often each was asked for: the next one is another question. */
  const [runs, setRuns] = useState<{ readonly [Key in string]: number }>({});
  const run = runs[key] ?? 0;
  const view = useAnalysis(SPEED, what === null || run === 0 ? null : { config: what, run });
  const study = view.stale ? null : view.result;
  const measure = (): void => setRuns({ ...runs, [key]: run + 1 });
  return (
    <Ratio
      kind="Measured here"
      value={study === null ? NOT_AVAILABLE : formatTimes(study.ratio)}
      note={noteOf(name, what !== null, run > 0 && view.running, study)}
    >
      {what !== null && run > 0 && (
        <AnalysisFrame view={view} label="the measurement" minHeight={120}>
          {(result) => <Measured study={result} />}
        </AnalysisFrame>
      )}
      {what === null ? (
        <p>
          {architecture === 'family'
            ? 'A ratio takes two: this model came without its full-precision teacher.'
            : 'DeiT-Tiny and the family on screen can be timed here; the others take more memory than a tab should.'}
        </p>
      ) : (
        <>
          {run === 0 && (
            <p>
              {what === 'family'
                ? 'Times the teacher and its last student, forward by forward, in this browser.'
                : 'Makes two models of this shape with random weights, times them in this browser, forward by forward, and lets them go. It takes some seconds.'}
            </p>
          )}
          <Button size="compact-sm" variant="default" mt="sm" disabled={run > 0 && view.running} onClick={measure}>
            {run === 0 ? 'Measure here' : 'Measure again'}
          </Button>
        </>
      )}
    </Ratio>
  );
}

function Measured({ study }: { readonly study: SpeedStudy }): ReactNode {
  const { fullMs, binaryMs, rounds, backend, path, isRelaxed } = study;
  const line = ({ low, median, high }: SpeedStudy['fullMs']): string =>
    `${formatShortMs(median)} (${formatShortMs(low)} to ${formatShortMs(high)})`;
  return (
    <>
      <p className="lens-numbers">
        full precision: {line(fullMs)}
        <br />
        binarized: {line(binaryMs)}
      </p>
      <p>
        Medians and quartiles of {rounds} rounds in which both take turns, one image at a time, one thread, tfjs on{' '}
        {backend} for full precision.{' '}
        {path.kind === 'packed'
          ? `The binarized model ran on the packed kernels, ${isRelaxed ? 'with' : 'without'} relaxed SIMD.`
          : `The binarized model ran on floats, which gain nothing: ${path.reason}`}
      </p>
      <p>
        One bit are the block linears and the attention, whatever the switches above say. The ratio is of this project’s
        kernels to tfjs’s: another library’s full precision would give another one. It may exceed the recomputed ratio,
        for which one product of floats takes as long as 64 products of bits.
      </p>
    </>
  );
}

type Measurable = RequestOf<typeof SPEED>['config'];

function measurable(architecture: ChoiceId, config: ModelConfig, hasBoth: boolean): Measurable | null {
  if (architecture === 'family') return hasBoth ? 'family' : null;
  return architecture === 'deit_tiny' ? config : null;
}

function noteOf(name: string, isMeasurable: boolean, isRunning: boolean, study: SpeedStudy | null): string {
  if (!isMeasurable) return `not measured for ${name}`;
  if (isRunning) return 'being measured';
  if (study === null) return 'not measured yet';
  return `${name}, ${formatShortMs(study.fullMs.median)} / ${formatShortMs(study.binaryMs.median)} in this browser`;
}
