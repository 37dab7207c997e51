'use client';

import { Button } from '@mantine/core';
import { useState } from 'react';
import { MeansView } from '@/analyses/binarizers/means-view';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { StatusTracker } from '@/components/ui/status-tracker';
import { useAnalysis, type AnalysisView } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { formatCount } from '@/lib/viz/format';
import type { AnalysisRequest, BinarizerComparison } from '@/engine/analysis';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import { SAMPLE_COUNT, type ModelId } from '@/engine/protocol';
import classes from './binarizers.module.css';

type MeansRequest = AnalysisRequest<'binarizer-means'>;

const COUNTS = ['100', '1000'] as const;

interface MeansPanelProps {
  readonly modelId: ModelId;
  readonly fit: BinarizerFit;
  /** The row on screen, to stand beside the means. */
  readonly row: BinarizerComparison | null;
}

/** The same numbers as means over every row of the head, over shipped images; only when asked for, because it takes a while. */
export function MeansPanel({ modelId, fit, row }: MeansPanelProps) {
  const { layer, head } = useAppState((state) => state.selection);
  const [count, setCount] = useState<(typeof COUNTS)[number]>('1000');
  const [asked, setAsked] = useState<MeansRequest | null>(null);
  const subject = useAppState((state) => state.subject);
  const photographs = useAppState((state) => state.image.photographs?.length ?? 0);
  const isFamily = subject.kind === 'family';
  const wanted = isFamily ? Number(count) : photographs;
  const here: MeansRequest = { modelId, layer, head, fit, images: wanted };
  // Another head is another question, which nobody has asked yet.
  const isAsked = asked !== null && isSame(asked, here);
  const view = useAnalysis('binarizer-means', isAsked ? here : null);
  const result = view.stale ? null : view.result;
  const partial = result === null ? (view.progress?.partial ?? null) : null;
  const shown = isAsked ? (result ?? partial) : null;
  const images = formatCount(wanted);

  return (
    <Block
      title="On average"
      detail={`${MODEL_NAMES[modelId]}, layer ${layer + 1}, head ${head + 1}, every query`}
      id="binarizer-means"
      help="Measured here, over the first images of each class that ship with the app. A mean is over the rows in which its measure is defined; how many those are stands beneath it, and one over fewer than half of them is never called the best."
    >
      <About>
        One row can be a lucky one. So this puts every query of many images through the same seven binarizers, for the
        head that you chose, and takes the means.
      </About>
      <div className={classes.ask}>
        {isFamily && (
          <Segmented
            label="Over how many shipped images"
            value={count}
            onChange={setCount}
            options={COUNTS.map((value) => ({ value, label: `${formatCount(Number(value))} images` }))}
          />
        )}
        <Button
          size="compact-sm"
          variant="default"
          disabled={isAsked && (view.running || result !== null)}
          onClick={() => (isAsked ? view.retry() : setAsked(here))}
        >
          {isAsked && partial !== null && !view.running ? 'Measure again' : `Measure on ${images} images`}
        </Button>
        <div className={classes.progress}>
          <MeansStatus view={isAsked ? view : null} wanted={here.images} />
        </div>
      </div>
      {shown === null ? (
        <div className={classes.empty}>
          {isAsked && view.running
            ? 'The first means come in a moment.'
            : isFamily
              ? `Not measured for this head yet. ${images} of the ${formatCount(SAMPLE_COUNT)} shipped images, 50 rows each.`
              : `Not measured for this head yet. The ${images} shipped photographs, every row of each.`}
        </div>
      ) : (
        <div className={classes.shown}>
          <MeansView means={shown} row={row} partialOf={result === null ? here.images : null} />
        </div>
      )}
    </Block>
  );
}

interface MeansStatusProps {
  /** `null`: not asked. */
  readonly view: AnalysisView<'binarizer-means'> | null;
  readonly wanted: number;
}

/** How far it is, with Cancel; its room is kept. */
function MeansStatus({ view, wanted }: MeansStatusProps) {
  const of = formatCount(wanted);
  if (view === null) return <StatusTracker phase="idle" text="not asked for yet" />;
  if (view.error !== null) return <StatusTracker phase="error" text={view.error} />;
  const done = view.progress?.done ?? 0;
  const total = view.progress?.total ?? wanted;
  const progress = total > 0 ? done / total : null;
  if (view.running) {
    const text = `${formatCount(done)} of ${formatCount(total)} images`;
    return <StatusTracker phase="running" text={text} progress={progress} onCancel={view.cancel} />;
  }
  if (view.result !== null && !view.stale) return <StatusTracker phase="ready" text={`all ${of} images measured`} />;
  return <StatusTracker phase="idle" text={`stopped at ${formatCount(done)} of ${of} images`} />;
}

function isSame(a: MeansRequest, b: MeansRequest): boolean {
  return (
    a.modelId === b.modelId && a.layer === b.layer && a.head === b.head && a.fit === b.fit && a.images === b.images
  );
}
