/** What can be wrong with a picture, for programs: tests, retries. */
type ImageErrorKind =
  | 'empty'
  | 'not-an-image'
  | 'unsupported-format'
  | 'damaged'
  | 'too-large'
  | 'bad-size'
  | 'bad-address'
  | 'blocked'
  | 'not-found'
  | 'cancelled'
  | 'browser';

/** The only error that `lib/images` throws for bad input; a programming mistake still throws a RangeError. */
export class ImageError extends Error {
  override readonly name = 'ImageError';

  /** @param sentence one or two full sentences for the interface: what is wrong and what to do about it */
  constructor(
    readonly kind: ImageErrorKind,
    readonly sentence: string,
    cause?: unknown,
  ) {
    super(sentence, cause === undefined ? undefined : { cause });
  }
}

/** True for an `ImageError`, also one that crossed a worker boundary and lost its prototype. */
export function isImageError(error: unknown): error is ImageError {
  return error instanceof ImageError || (error instanceof Error && error.name === 'ImageError' && 'sentence' in error);
}

/** For a file that begins correctly and then makes no sense. */
export function damaged(detail: string): ImageError {
  return new ImageError(
    'damaged',
    `This image file is damaged. ${detail} Save or download it again, or choose another one.`,
  );
}
