/**
 * What can be wrong with a picture. The kind is for programs (tests, retries); the sentence is for the person who brought
 * the picture: it says what is wrong and what to do about it.
 */
export type ImageErrorKind =
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
  readonly kind: ImageErrorKind;
  /** One or two full sentences for the interface. */
  readonly sentence: string;

  constructor(kind: ImageErrorKind, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.sentence = sentence;
  }
}

/** True for an `ImageError`, also one that crossed a worker boundary and lost its prototype. */
export function isImageError(error: unknown): error is ImageError {
  return error instanceof ImageError || (error instanceof Error && error.name === 'ImageError' && 'sentence' in error);
}
