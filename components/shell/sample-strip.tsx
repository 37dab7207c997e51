'use client';

import { Button } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { Reserved } from '@/components/analysis/reserved';
import { PictureImage } from '@/components/charts/picture-image';
import { roundOf, sampleRounds } from '@/components/shell/sample-rounds';
import { Examples } from '@/components/ui/examples';
import type { FamilySample } from '@/state/app-state';
import { useActions, useAppState } from '@/state/use-app-state';
import classes from './input-panel.module.css';

/** The pictures that come with the family, a round at a time. */
export function SampleStrip(): ReactNode {
  const samples = useAppState((state) => state.image.samples);
  const current = useAppState((state) => state.image.current);
  const family = useAppState((state) => state.family);
  const { select } = useActions();
  const [chosen, setChosen] = useState<number | null>(null);

  const rounds = useMemo(() => sampleRounds(samples ?? []), [samples]);
  const shownKey = current?.kind === 'sample' ? current.key : null;
  const round = Math.min(chosen ?? roundOf(rounds, shownKey ?? ''), rounds.length - 1);
  const shown = rounds[round] ?? [];
  const credit = current?.kind === 'sample' ? current.sample.credit : null;
  return (
    <div className={classes.samples}>
      <Reserved ready={samples !== null} label="the samples">
        <Examples
          label={rounds.length > 1 ? 'Samples, one of each class' : 'Samples'}
          selected={shownKey}
          onSelect={(image) => select({ image })}
          examples={
            samples === null
              ? awaited(family.samples.kind === 'idx' ? family.classNames : [])
              : shown.map((sample) => ({
                  id: sample.key,
                  name: sample.title,
                  thumbnail: <Thumbnail sample={sample} />,
                }))
          }
        />
      </Reserved>
      {credit !== null && (
        <p className={classes.credit}>
          {current?.kind === 'sample' && current.sample.title}: {credit}.
        </p>
      )}
      {(rounds.length > 1 || (samples === null && family.samples.kind === 'idx')) && (
        <Button
          size="compact-sm"
          variant="default"
          disabled={samples === null}
          onClick={() => setChosen((round + 1) % rounds.length)}
        >
          Another {family.config.numClasses === 10 ? 'ten' : 'round'}
        </Button>
      )}
    </div>
  );
}

const BLACK = { width: 1, height: 1, data: [0] } as const;

/** As many as there will be, so that nothing jumps when they come. */
function awaited(names: readonly string[]) {
  return names.map((name) => ({ id: name, name, thumbnail: <PictureImage alt={null} image={BLACK} /> }));
}

function Thumbnail({ sample: { thumbnail } }: { readonly sample: FamilySample }): ReactNode {
  if (thumbnail.kind === 'url') {
    // Next's own element needs a server that resizes; this is an export, and the files are small.
    // eslint-disable-next-line @next/next/no-img-element
    return <img src={thumbnail.url} alt="" loading="lazy" className={classes.thumbnail} />;
  }
  const { side, bytes } = thumbnail;
  return (
    <PictureImage alt={null} image={{ width: side, height: side, data: Array.from(bytes, (byte) => byte / 255) }} />
  );
}
