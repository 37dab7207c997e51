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
  override readonly name = 'CheckpointError';
}
