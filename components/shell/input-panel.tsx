'use client';

import { lazy, Suspense } from 'react';
import { geometryAt } from '@/components/analysis/trace-row';
import { Reserved } from '@/components/analysis/reserved';
import { usePicture } from '@/components/analysis/use-picture';
import { TokenPicker } from '@/components/charts/token-picker';
import { SampleStrip } from '@/components/shell/sample-strip';
import { Block } from '@/components/ui/block';
import { DropArea } from '@/components/ui/drop-area';
import type { CurrentImage } from '@/state/app-state';
import { useActions, useAppState } from '@/state/use-app-state';
import { useOpenPicture } from '@/state/use-open-picture';
import classes from './input-panel.module.css';

/** Only a person's own picture needs the crop and its sliders. */
const PhotoControls = lazy(async () => ({
  default: (await import('@/components/shell/photo-controls')).PhotoControls,
}));

/** Which picture, and whose attention in it: samples, every way in for one's own, and the patch grid. */
export function InputPanel() {
  const current = useAppState((state) => state.image.current);
  const query = useAppState((state) => state.selection.query);
  const family = useAppState((state) => state.family);
  const picture = usePicture();
  const { select, notify } = useActions();
  const { busy, openFile, openAddress } = useOpenPicture();

  return (
    <Block title="Picture" detail={describe(current)} id="input">
      <Reserved ready={current !== null} label="the picture">
        <TokenPicker
          label={`Query, on ${describe(current)}`}
          prefix="query: "
          image={picture}
          geometry={geometryAt(family, 0)}
          token={query}
          onSelect={(token) => select({ query: token })}
          selectOnMove
        />
      </Reserved>
      <p className={classes.hint}>
        {family.layers[0]?.layout.classTokens === 0
          ? 'Click a patch: where does it look?'
          : 'Click a patch or CLS: where does it look?'}
      </p>
      <SampleStrip />
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

function describe(image: CurrentImage | null): string {
  if (image === null) return 'loading';
  return image.kind === 'sample' ? image.sample.title : image.name;
}
