import { Button } from '@mantine/core';
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from 'react';
import { choosePicture, pictureFromClipboard } from '@/components/ui/choose-picture';
import { useFileIntake } from '@/components/ui/use-file-intake';
import classes from './drop-area.module.css';

export type PictureOrigin = 'upload' | 'drop' | 'paste' | 'camera';

export interface DropAreaProps {
  /** Files are handed on unchecked but for their kind; whoever decodes says what is wrong with one. */
  readonly onFile: (file: File, origin: PictureOrigin) => void;
  /** An address as typed, trimmed, with http or https. */
  readonly onUrl: (url: string) => void;
  /** A word on what addresses can work. */
  readonly urlHelp?: ReactNode;
  /** A file that is no picture, or is too large, in a sentence. */
  readonly onReject: (sentence: string) => void;
  readonly busy?: boolean;
}

const MAX_BYTES = 50e6;

const UrlField = lazy(() => import('@/components/ui/url-field'));
const CameraDialog = lazy(() => import('@/components/ui/camera-dialog'));

/** Every way in for a picture: upload, drop, paste, camera, address. Drop and paste work anywhere on the page. */
export function DropArea(props: DropAreaProps): ReactNode {
  const { onFile, onUrl, urlHelp, onReject, busy = false } = props;
  const [showsUrl, setShowsUrl] = useState(false);
  const [showsCamera, setShowsCamera] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const take = useCallback(
    (files: readonly File[], origin: PictureOrigin) => {
      const chosen = choosePicture(files, MAX_BYTES);
      if (chosen.kind === 'picture') onFile(chosen.file, origin);
      else onReject(chosen.sentence);
    },
    [onFile, onReject],
  );
  const dragging = useFileIntake({ onFiles: take });

  const paste = () => {
    pictureFromClipboard().then(
      (file) => {
        if (file === null) onReject('There is no picture in the clipboard. Copy one and try again.');
        else onFile(file, 'paste');
      },
      () => onReject('The browser does not let this page read the clipboard. Press Ctrl+V (or ⌘V) instead.'),
    );
  };

  return (
    <div className={classes.area} data-dragging={dragging} aria-busy={busy}>
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => input.current?.click()}>
          Upload
        </Button>
        <Button size="compact-sm" variant="default" onClick={paste}>
          Paste
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setShowsCamera(true)}>
          Camera
        </Button>
        <Button size="compact-sm" variant="default" aria-expanded={showsUrl} onClick={() => setShowsUrl(!showsUrl)}>
          URL
        </Button>
      </div>
      <p className={classes.hint}>{dragging ? 'Drop it anywhere.' : 'Or drop or paste a picture anywhere.'}</p>
      {showsUrl && (
        <Suspense fallback={null}>
          <UrlField onUrl={onUrl} help={urlHelp} />
        </Suspense>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label="Picture file"
        onChange={({ currentTarget }) => {
          take([...(currentTarget.files ?? [])], 'upload');
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      {showsCamera && (
        <Suspense fallback={null}>
          <CameraDialog onClose={() => setShowsCamera(false)} onPicture={(file) => onFile(file, 'camera')} />
        </Suspense>
      )}
    </div>
  );
}
