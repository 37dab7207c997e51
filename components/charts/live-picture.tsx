import { useEffect, useRef, type ReactNode } from 'react';
import { LIVE_SIDE, livePainter, type LivePainter } from '@/components/charts/live-painter';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import classes from './live-picture.module.css';

export interface LivePictureProps {
  /** What the canvas shows, without what changes every frame. */
  readonly label: string;
  readonly geometry: PatchGeometry;
  /** Side of the model's input, pixels. */
  readonly inputSide: number;
  /** The query is the class token, which is not in the picture. */
  readonly isClassToken: boolean;
  /** Called with the painter, and with `null` on unmount. Must be stable. */
  readonly onPainter: (painter: LivePainter | null) => void;
}

/** Canvases of the live view, painted from outside frame by frame; React renders them once. */
export function LivePicture({ label, geometry, inputSide, isClassToken, onPainter }: LivePictureProps): ReactNode {
  const frame = useRef<HTMLCanvasElement>(null);
  const classToken = useRef<HTMLCanvasElement>(null);
  const input = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (frame.current === null || classToken.current === null || input.current === null) return undefined;
    const canvases = { frame: frame.current, classToken: classToken.current, input: input.current };
    onPainter(livePainter(canvases, geometry, inputSide));
    return () => onPainter(null);
  }, [geometry, inputSide, onPainter]);
  return (
    <div className={classes.body}>
      <div className={classes.beside}>
        <div className={classes.small}>
          <canvas
            ref={classToken}
            className={classes.classToken}
            data-query={isClassToken}
            width={1}
            height={1}
            aria-hidden="true"
          />
          <span>CLS</span>
        </div>
        <div className={classes.small}>
          <canvas
            ref={input}
            className={classes.input}
            width={inputSide}
            height={inputSide}
            role="img"
            aria-label={`What the model takes of it: ${inputSide} x ${inputSide} pixels`}
          />
          <span>
            what the model takes, {inputSide} × {inputSide}
          </span>
        </div>
      </div>
      <canvas
        ref={frame}
        className={classes.frame}
        width={LIVE_SIDE}
        height={LIVE_SIDE}
        role="img"
        aria-label={label}
      />
    </div>
  );
}
