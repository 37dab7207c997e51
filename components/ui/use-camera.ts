import { useEffect, useRef, useState, type RefObject } from 'react';

export type CameraState =
  { readonly kind: 'asking' } | { readonly kind: 'live' } | { readonly kind: 'failed'; readonly sentence: string };

export interface Camera {
  readonly state: CameraState;
  /** For the video that shows it. */
  readonly video: RefObject<HTMLVideoElement | null>;
  /** The picture now, at the camera's own size; `null` before the first frame. */
  readonly take: () => Promise<File | null>;
}

/** The camera, from mounting to unmounting: its light goes out with the dialog. */
export function useCamera(): Camera {
  const [state, setState] = useState<CameraState>({ kind: 'asking' });
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    let wanted = true;
    let stream: MediaStream | null = null;
    openCamera().then(
      (opened) => {
        stream = opened;
        // Closed while the browser was still asking.
        if (!wanted) return stop(opened);
        if (video.current !== null) video.current.srcObject = opened;
        setState({ kind: 'live' });
      },
      (error: unknown) => {
        if (wanted) setState({ kind: 'failed', sentence: cameraSentence(error) });
      },
    );
    return () => {
      wanted = false;
      if (stream !== null) stop(stream);
    };
  }, []);

  const take = async () => {
    const source = video.current;
    if (source === null || source.videoWidth === 0) return null;
    const canvas = document.createElement('canvas');
    canvas.width = source.videoWidth;
    canvas.height = source.videoHeight;
    canvas.getContext('2d')?.drawImage(source, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return blob === null ? null : new File([blob], 'camera picture.png', { type: 'image/png' });
  };

  return { state, video, take };
}

async function openCamera(): Promise<MediaStream> {
  // Absent on pages that are not served securely, whatever its type says.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new DOMException('no media devices', 'SecurityError');
  return devices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Why there is no picture from the camera and what can be done, by the name of what `getUserMedia` threw. */
export function cameraSentence(error: unknown): string {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'The browser did not allow this page to use the camera. Allow it in the address bar, then try again.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is no camera here. Upload or paste a picture instead.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera is busy or could not start. Close whatever else uses it, then try again.';
    case 'SecurityError':
    case 'TypeError':
      return 'Browsers give the camera only to pages served over https or from this machine.';
    default:
      return 'The camera could not be opened. Upload or paste a picture instead.';
  }
}
