import type { ReactNode } from 'react';

export type PictureOrigin = 'upload' | 'drop' | 'paste' | 'camera';

export interface DropAreaProps {
  /** Files are handed on unchecked but for their kind; whoever decodes says what is wrong with one. */
  readonly onFile: (file: File, origin: PictureOrigin) => void;
  /** An address as typed, trimmed, with http or https. */
  readonly onUrl: (url: string) => void;
  /** A word on what addresses can work. */
  readonly urlHelp?: ReactNode;
  /** A file that is no picture, or too many at once, in a sentence. */
  readonly onReject: (sentence: string) => void;
  readonly busy?: boolean;
  readonly maxBytes?: number;
}

/** Every way in for a picture: upload, drop, paste, camera, address. */
export function DropArea(_props: DropAreaProps): ReactNode {
  return null;
}
