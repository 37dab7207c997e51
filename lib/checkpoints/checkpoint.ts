/** A checkpoint in memory, from any kind of file, and the errors that say what is wrong with one. */

export type TensorValues =
  | { readonly dtype: 'F32' | 'F16' | 'BF16'; readonly data: Float32Array }
  | { readonly dtype: 'U8'; readonly data: Uint8Array }
  /** Every value is a safe integer. */
  | { readonly dtype: 'I64'; readonly data: Float64Array };

/** Row-major; `dtype` is the type in the file. */
export type CheckpointTensor = TensorValues & { readonly shape: readonly number[] };

export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Free text about the file; `config` holds the model's configuration as JSON. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that cannot be used; the message says what is wrong and what to do. */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError';
}

/** The number of heads is neither in the file nor that of published models of this width. */
export class UntoldHeadsError extends CheckpointError {
  override readonly name = 'UntoldHeadsError';

  /** @param width channels of a token */
  constructor(width: number) {
    super(
      `The file does not say how many heads its layers have, and its ${width} channels are not a multiple of 64, the head size of published models. Enter the number of heads.`,
    );
  }
}

/** The file is sound, but a model of its configuration needs more tensors. */
export class MissingTensorsError extends CheckpointError {
  /**
   * @param missing in the order in which a model reads them; not empty
   * @param used keys that the model would read
   * @param ignored keys that it would not, and why
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

/** Names from files are shown to people, so they are cut short. */
export function shortName(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isSize);
}
