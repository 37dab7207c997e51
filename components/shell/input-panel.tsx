'use client';

import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { PictureImage } from '@/components/charts/picture-image';
import { ImageQueryPicker } from '@/components/charts/image-query-picker';
import { Reserved } from '@/components/analysis/reserved';
import { roundCount, roundOf, sampleRound } from '@/components/shell/sample-strip';
import { geometryAt } from '@/components/analysis/trace-row';
import { usePicture } from '@/components/analysis/use-picture';
import { Block } from '@/components/ui/block';
import { DropArea } from '@/components/ui/drop-area';
import { Examples } from '@/components/ui/examples';
import { CLASS_NAMES } from '@/state/class-names';
import type { CurrentImage } from '@/state/app-state';
import { useAppState, useActions } from '@/state/use-app-state';
import { useOpenPicture } from '@/state/use-open-picture';
import { FAMILY } from '@/engine/protocol';
import classes from './input-panel.module.css';

/** Only a photo needs the crop and its sliders. */
const PhotoControls = lazy(async () => ({
  default: (await import('@/components/shell/photo-controls')).PhotoControls,
}));

/** Only a backbone looks at photographs. */
const PhotographStrip = lazy(async () => ({
  default: (await import('@/components/shell/family/photograph-strip')).PhotographStrip,
}));

const SIDE = FAMILY.imageSize;
const BLACK = new Float32Array(SIDE * SIDE);

/** Which picture, and whose attention in it: samples, every way in for one's own, and the patch grid. */
export function InputPanel() {
  const current = useAppState((state) => state.image.current);
  const query = useAppState((state) => state.selection.query);
  const subject = useAppState((state) => state.subject);
  const picture = usePicture();
  const isFamily = subject.kind === 'family';
  const { select, notify } = useActions();
  const { busy, openFile, openAddress } = useOpenPicture();

  return (
    <Block title="Picture" detail={describe(current)} id="input">
      <Reserved ready={current !== null} label="the picture">
        <ImageQueryPicker
          label={describe(current)}
          image={picture}
          geometry={geometryAt(subject, 0)}
          query={query}
          onSelectQuery={(token) => select({ query: token })}
        />
      </Reserved>
      <p className={classes.hint}>
        {subject.layers[0]?.layout.classTokens === 0
          ? 'Click a patch: where does it look?'
          : 'Click a patch or CLS: where does it look?'}
      </p>
      {isFamily ? (
        <SampleStrip />
      ) : (
        <Suspense fallback={null}>
          <PhotographStrip />
        </Suspense>
      )}
      <DropArea
        busy={busy}
        onFile={(file, origin) =>
          openFile(file, origin === 'camera' ? 'Camera picture' : file.name || 'Pasted picture')
        }
        onUrl={openAddress}
        urlHelp="The other site must allow it (CORS). Most do not: then save the picture and drop it here."
        onReject={(sentence) => notify({ kind: 'error', title: 'No picture was opened', sentence })}
      />
      {current?.kind === 'own' && (
        <Suspense fallback={null}>
          <PhotoControls image={current} />
        </Suspense>
      )}
    </Block>
  );
}

function SampleStrip() {
  const samples = useAppState((state) => state.image.samples);
  const current = useAppState((state) => state.image.current);
  const { select } = useActions();
  const [chosenRound, setRound] = useState<number | null>(null);

  const round = chosenRound ?? (samples && current?.kind === 'sample' ? roundOf(samples, current.index) : 0);
  const shown = samples === null ? null : sampleRound(samples, round);
  return (
    <div className={classes.samples}>
      <Reserved ready={shown !== null} label="the samples">
        <Examples
          label="Samples, one of each class"
          selected={current?.kind === 'sample' ? current.key : null}
          onSelect={(image) => select({ image })}
          examples={
            shown?.map(({ index, label, bytes }) => ({
              id: `sample-${index}`,
              name: `${CLASS_NAMES[label] ?? label}, sample ${index}`,
              thumbnail: (
                <PictureImage
                  alt={null}
                  image={{ width: SIDE, height: SIDE, data: Array.from(bytes, (byte) => byte / 255) }}
                />
              ),
            })) ??
            CLASS_NAMES.map((name) => ({
              id: name,
              name,
              thumbnail: <PictureImage alt={null} image={{ width: SIDE, height: SIDE, data: BLACK }} />,
            }))
          }
        />
      </Reserved>
      <Button
        size="compact-sm"
        variant="default"
        disabled={samples === null}
        onClick={() => samples && setRound((round + 1) % roundCount(samples))}
      >
        Another ten
      </Button>
    </div>
  );
}

function describe(image: CurrentImage | null): string {
  if (image === null) return 'loading';
  switch (image.kind) {
    case 'sample':
      return `${CLASS_NAMES[image.label] ?? image.label}, sample ${image.index}`;
    case 'photo':
      return image.photograph.title;
    case 'own':
      return image.name;
    default:
      return image satisfies never;
  }
}
