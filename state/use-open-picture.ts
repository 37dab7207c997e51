/** From a file or an address to the picture on the page: decoded here, the newest wins, refusals become notices. */
'use client';

import { useEffect, useRef, useState } from 'react';
import type { DecodedImage } from '@/lib/images/decode';
import { isImageError } from '@/lib/images/image-error';
import { OWN_IMAGE_MAX_PIXELS } from '@/state/app-state';
import { useActions } from '@/state/use-app-state';

export interface OpenPicture {
  readonly busy: boolean;
  readonly openFile: (file: Blob, name: string) => void;
  readonly openAddress: (address: string) => void;
}

/** Comes with the first picture of the user's own: nobody else needs to know how files of pictures begin. */
const decoding = () => import('@/lib/images/decode');

export function useOpenPicture(): OpenPicture {
  const { addOwnImage, notify } = useActions();
  const [busy, setBusy] = useState(false);
  const newest = useRef<AbortController | null>(null);
  useEffect(() => () => newest.current?.abort(), []);

  async function open(name: string, decode: (signal: AbortSignal) => Promise<DecodedImage>): Promise<void> {
    newest.current?.abort();
    const mine = new AbortController();
    newest.current = mine;
    setBusy(true);
    try {
      const { image } = await decode(mine.signal);
      if (!mine.signal.aborted) addOwnImage(image, name);
    } catch (error) {
      if (mine.signal.aborted) return;
      const sentence = isImageError(error)
        ? error.sentence
        : 'This picture could not be opened, for a reason unknown here. Try another one, or save it as PNG first.';
      notify({ kind: 'error', title: `${name} was not opened`, sentence });
    } finally {
      if (newest.current === mine) setBusy(false);
    }
  }

  return {
    busy,
    openFile: (file, name) =>
      void open(name, async (signal) =>
        (await decoding()).decodeBlob(file, { signal, maxPixels: OWN_IMAGE_MAX_PIXELS }),
      ),
    openAddress: (address) =>
      void open(shortAddress(address), async (signal) =>
        (await decoding()).decodeAddress(address, { signal, maxPixels: OWN_IMAGE_MAX_PIXELS }),
      ),
  };
}

/** The last part of an address, as a name; the address itself where there is none. */
function shortAddress(address: string): string {
  const [path = ''] = address.split(/[?#]/);
  const last = path.split('/').filter(Boolean).at(-1) ?? address;
  return last.length > 40 ? `${last.slice(0, 39)}…` : last;
}
