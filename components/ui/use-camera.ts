import { useEffect, useState } from 'react';

export type CameraState =
  { readonly kind: 'asking' } | { readonly kind: 'live' } | { readonly kind: 'failed'; readonly sentence: string };

export interface Camera {
  readonly state: CameraState;
  /** The `ref` of the video that shows it, which may come later than the camera does. */
  readonly video: (element: HTMLVideoElement | null) => void;
  /** The picture now, at the camera's own size; `null` unless it is live. */
  readonly take: () => Promise<File | null>;
}

/** The camera, from mounting to unmounting: its light goes out with the dialog. */
export function useCamera(): Camera {
  const [state, setState] = useState<CameraState>({ kind: 'asking' });
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);

  useEffect(() => {
    let wanted = true;
    let opened: MediaStream | null = null;
    openCamera().then(
      (camera) => {
        opened = camera;
        // Closed while the browser was still asking.
        if (wanted) setStream(camera);
        else stop(camera);
      },
      (error: unknown) => {
        if (wanted) setState({ kind: 'failed', sentence: cameraSentence(error) });
      },
    );
    return () => {
      wanted = false;
      if (opened !== null) stop(opened);
    };
  }, []);

  // Live with its first frame: before that there is nothing to take.
  useEffect(() => {
    if (video === null || stream === null) return;
    return show(stream, video, () => setState({ kind: 'live' }));
  }, [video, stream]);

  const take = async () => {
    if (video === null || video.videoWidth === 0) return null;
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return blob === null ? null : new File([blob], 'camera picture.png', { type: 'image/png' });
  };

  return { state, video: setVideo, take };
}

async function openCamera(): Promise<MediaStream> {
  // Absent on pages that are not served securely, whatever its type says.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new DOMException('no media devices', 'SecurityError');
  return devices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
}

/** @returns forgets the listener */
function show(stream: MediaStream, video: HTMLVideoElement, onFirstFrame: () => void): () => void {
  video.addEventListener('loadeddata', onFirstFrame);
  video.srcObject = stream;
  return () => video.removeEventListener('loadeddata', onFirstFrame);
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
