import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { useAnalysis } from '@/state/use-analysis';
import type { AnalysisRequest, SpeedStudy } from '@/engine/analysis';
import { formatShortMs, formatTimes, NOT_AVAILABLE } from '@/lib/viz/format';
import type { ModelConfig } from '@/models/config';
import { nameOf, type ChoiceId } from './cost-choice';
import { Ratio } from './ratio';

interface MeasuredRatioProps {
  readonly architecture: ChoiceId;
  readonly config: ModelConfig;
}

/** What a clock says, in this browser, when it is asked. */
export function MeasuredRatio({ architecture, config }: MeasuredRatioProps): ReactNode {
  const what = measurable(architecture, config);
  const key = JSON.stringify(what);
  /** How often each was asked for: the next one is another question. */
  const [runs, setRuns] = useState<{ readonly [Key in string]: number }>({});
  const run = runs[key] ?? 0;
  const view = useAnalysis('speed', what === null || run === 0 ? null : { config: what, run });
  const study = view.stale ? null : view.result;
  const measure = (): void => setRuns({ ...runs, [key]: run + 1 });
  return (
    <Ratio
      kind="Measured here"
      value={study === null ? NOT_AVAILABLE : formatTimes(study.ratio)}
      note={noteOf(architecture, what !== null, run > 0 && view.running, study)}
    >
      {what !== null && run > 0 && (
        <AnalysisFrame view={view} label="the measurement" minHeight={120}>
          {(result) => <Measured study={result} />}
        </AnalysisFrame>
      )}
      {what === null ? (
        <p>DeiT-Tiny and the embedded family can be timed here; the others take more memory than a tab should.</p>
      ) : (
        <>
          {run === 0 && (
            <p>
              {what === 'embedded'
                ? 'Times the shipped teacher and Bi-ViT student, forward by forward, in this browser.'
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

type Measurable = AnalysisRequest<'speed'>['config'];

function measurable(architecture: ChoiceId, config: ModelConfig): Measurable | null {
  if (architecture === 'embedded') return 'embedded';
  return architecture === 'deit_tiny' && config.architecture === 'deit' ? config : null;
}

function noteOf(architecture: ChoiceId, isMeasurable: boolean, isRunning: boolean, study: SpeedStudy | null): string {
  if (!isMeasurable)
    return `not measured for ${architecture === 'custom' ? 'a model of your own' : nameOf(architecture)}`;
  if (isRunning) return 'being measured';
  if (study === null) return 'not measured yet';
  return `${nameOf(architecture)}, ${formatShortMs(study.fullMs.median)} / ${formatShortMs(study.binaryMs.median)} in this browser`;
}
