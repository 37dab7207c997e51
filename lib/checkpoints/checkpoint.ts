/** A checkpoint in memory, whatever file it came from, and the error that says what is wrong with one. */

/** One tensor as it stands in a file, decoded to numbers; row-major. */
export type CheckpointTensor =
  | { readonly dtype: 'F32' | 'F16' | 'BF16'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array }
  /** Every value a safe integer. */
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: Float64Array };

export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Free text about the file; `config` holds the model's configuration as JSON. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that cannot be used; the message says in a sentence what is wrong and what to do. */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError';
}

/** The file does not tell it, and what published models have does not fit: somebody has to say. */
export class UntoldHeadsError extends CheckpointError {
  override readonly name = 'UntoldHeadsError';

  /** @param width channels of a token */
  constructor(width: number) {
    super(
      `The file does not tell how many heads its layers have, and ${width} channels are no multiple of the 64 that a head of published models has. Say how many there are.`,
    );
  }
}

/** Nothing is wrong with what the file holds; a model of its configuration needs more than that. */
export class MissingTensorsError extends CheckpointError {
  /**
   * @param missing in the order in which a model reads them; not empty
   * @param used keys that the model would take
   * @param ignored keys that it has no use for, and why
   */
  constructor(
    readonly missing: readonly string[],
    readonly used: readonly string[],
    readonly ignored: readonly { readonly key: string; readonly why: string }[],
  ) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more` : '';
    super(`The tensor "${missing[0]}" is missing${more}. Choose a checkpoint that fits its configuration.`);
  }
}

/** More than any model here has. */
export const MAX_TENSORS = 20_000;
export const MAX_RANK = 8;

/** Names come from the file: they are shown, so they are kept short. */
export function shortName(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isSize);
}
