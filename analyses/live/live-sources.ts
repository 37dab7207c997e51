/** Where the live view's pictures come from: a clip made of the family's samples, or a camera. */
import type { LiveSource } from '@/state/live-loop';
import { sampleClip } from '@/lib/viz/sample-clip';
import type { FamilySample } from '@/state/app-state';

/** A source, and what of it is shown beneath the map. */
export interface ShownSource extends LiveSource {
  /** `null`: what the model takes is all there is. */
  readonly picture: HTMLCanvasElement | null;
  /** Whether the pictures move on; a camera's always do. */
  readonly setMoving: (moving: boolean) => void;
}

/** Decides which movements the clip has. */
export const CLIP_SEED = 7;
/** So many of the family's samples, each of another class where the classes are known. */
const CLIP_PICTURES = 6;

/** Samples for a clip: one of each class in turn, or the first ones. */
export function clipSamples(samples: readonly FamilySample[]): readonly FamilySample[] {
  const seen = new Set<number>();
  const distinct = samples.filter(({ classIndex }) => {
    if (classIndex === null) return true;
    const isNew = !seen.has(classIndex);
    seen.add(classIndex);
    return isNew;
  });
  return distinct.slice(0, CLIP_PICTURES);
}

/** Between two repaints of a page that is looked at; a longer gap was a pause, and the clip goes on where it stood. */
const LONGEST_STEP_MS = 100;

/** @param pictures [channels, side, side] each, bytes */
export function clipSource(pictures: readonly Uint8Array[], side: number): ShownSource {
  const clip = sampleClip(pictures, side, CLIP_SEED);
  let atMs = 0;
  let lastMs: number | null = null;
  let moving = true;
  return {
    picture: null,
    setMoving: (wanted) => (moving = wanted),
    pictureAt: (nowMs) => {
      if (moving && lastMs !== null) atMs += Math.min(LONGEST_STEP_MS, nowMs - lastMs);
      lastMs = nowMs;
      return atMs;
    },
    capture: (_nowMs, pixels) => {
      clip.draw(atMs, pixels);
      return null;
    },
  };
}

/** The largest centred square of each of the video's frames, `side` pixels wide. @returns `null` where there is no canvas to read them from */
export function cameraSource(video: HTMLVideoElement, side: number): ShownSource | null {
  const picture = document.createElement('canvas');
  picture.width = side;
  picture.height = side;
  // They are read back with every frame, so they had better not lie on a graphics card.
  const context = picture.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  return {
    picture,
    setMoving: () => {},
    pictureAt: () => (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? newestFrame(video) : null),
    capture: () => {
      const { videoWidth, videoHeight } = video;
      const size = Math.min(videoWidth, videoHeight);
      const [x, y] = [(videoWidth - size) / 2, (videoHeight - size) / 2];
      context.drawImage(video, x, y, size, size, 0, 0, side, side);
      return context.getImageData(0, 0, side, side).data;
    },
  };
}

/** Counts on with every frame. The time of a camera's video runs on between them; it stands in where nobody counts. */
function newestFrame(video: HTMLVideoElement): number {
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return totalVideoFrames > 0 ? totalVideoFrames : video.currentTime;
}

/** The patch that a row of attention is strongest at; class tokens count. */
export function strongestToken(attention: ArrayLike<number>): number {
  let best = 0;
  for (let token = 1; token < attention.length; token++) {
    if ((attention[token] ?? -Infinity) > (attention[best] ?? -Infinity)) best = token;
  }
  return best;
}
