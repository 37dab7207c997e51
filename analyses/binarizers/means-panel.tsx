'use client';

import type { ResultOf } from '@/engine/analysis';
import type { MemberId } from '@/models/families/family';
import { BINARIZER_MEANS, type BinarizerComparison } from '@/analyses/binarizers/protocol';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { MeansView } from '@/analyses/binarizers/means-view';
import { modelName } from '@/components/analysis/model-names';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { StatusTracker } from '@/components/ui/status-tracker';
import { requestKey } from '@/state/analyses-slice';
import { useAnalysis, type AnalysisView } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { formatCount } from '@/lib/viz/format';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import classes from './binarizers.module.css';

/** Offered where a family has more samples. */
const FEWER = 100;

interface MeansPanelProps {
  readonly modelId: MemberId;
  readonly fit: BinarizerFit;
  /** The row on screen, for comparison. */
  readonly row: BinarizerComparison | null;
}

/** The same numbers as means over every row of the head, over sample pictures; on request, because it takes a while. */
export function MeansPanel({ modelId, fit, row }: MeansPanelProps) {
  const { layer, head } = useAppState((state) => state.selection);
  const [isFew, setFew] = useState(false);
  /** Key of the request. */
  const [asked, setAsked] = useState<string | null>(null);
  const family = useAppState((state) => state.family);
  const available = useAppState((state) => state.image.samples?.length ?? 0);
  const wanted = isFew ? Math.min(FEWER, available) : available;
  const here = { modelId, layer, head, fit, images: wanted };
  const key = requestKey(BINARIZER_MEANS.id, here);
  const isAsked = asked === key;
  const view = useAnalysis(BINARIZER_MEANS, isAsked ? here : null);
  const result = view.stale ? null : view.result;
  const partial = result === null ? (view.progress?.partial ?? null) : null;
  const shown = isAsked ? (result ?? partial) : null;
  const images = formatCount(wanted);

  return (
    <Block
      title="On average"
      detail={`${modelName(modelId)}, layer ${layer + 1}, head ${head + 1}, every query`}
      id="binarizer-means"
      help="Measured here, over the sample pictures that come with these models. A mean is over the rows in which its measure is defined; their number stands beneath it, and a mean over fewer than half of them is never marked as the best."
    >
      <About>
        One row can be lucky. So this puts every query of many images through the same binarizers, for the head that you
        chose, and takes the means.
      </About>
      <div className={classes.ask}>
        {available > FEWER && (
          <Segmented
            label="Over how many sample pictures"
            value={isFew ? 'few' : 'all'}
            onChange={(value) => setFew(value === 'few')}
            options={{ few: `${FEWER} images`, all: `${formatCount(available)} images` }}
          />
        )}
        <Button
          size="compact-sm"
          variant="default"
          disabled={wanted === 0 || (isAsked && (view.running || result !== null))}
          onClick={() => (isAsked ? view.retry() : setAsked(key))}
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
            : `Not measured for this head yet. ${images} of the ${formatCount(available)} sample pictures of ${family.name}, every row of each.`}
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
  /** `null`: not requested. */
  readonly view: AnalysisView<ResultOf<typeof BINARIZER_MEANS>> | null;
  readonly wanted: number;
}

/** Progress, with Cancel. */
function MeansStatus({ view, wanted }: MeansStatusProps) {
  const of = formatCount(wanted);
  if (view === null) return <StatusTracker phase="idle" text="not measured yet" />;
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
