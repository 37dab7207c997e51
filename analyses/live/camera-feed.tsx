import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useCamera } from '@/components/ui/use-camera';

interface CameraFeedProps {
  /** The video, once it has its first frame; `null` when it goes. Stable. */
  readonly onVideo: (video: HTMLVideoElement | null) => void;
  /** A sentence. Stable. */
  readonly onFailed: (sentence: string) => void;
}

/** The camera, on while this is mounted; its picture is drawn elsewhere. */
export function CameraFeed({ onVideo, onFailed }: CameraFeedProps): ReactNode {
  const { state, video } = useCamera();
  const [element, setElement] = useState<HTMLVideoElement | null>(null);
  const take = useCallback(
    (found: HTMLVideoElement | null) => {
      video(found);
      setElement(found);
    },
    [video],
  );
  const isLive = state.kind === 'live';
  useEffect(() => {
    if (!isLive) return undefined;
    // Browsers let what nobody sees wait at its first frame.
    element?.play().catch(() => onFailed('The browser did not let the camera’s picture play.'));
    onVideo(element);
    return () => onVideo(null);
  }, [isLive, element, onVideo, onFailed]);
  const sentence = state.kind === 'failed' ? state.sentence : null;
  useEffect(() => {
    if (sentence !== null) onFailed(sentence);
  }, [sentence, onFailed]);
  return (
    <video
      ref={take}
      autoPlay
      playsInline
      muted
      tabIndex={-1}
      aria-hidden="true"
      className="lens-visually-hidden"
      onEnded={() => onFailed('The camera was switched off or taken away.')}
    />
  );
}
