import { ENGINE_ERROR_KINDS, type EngineErrorData, type EngineErrorKind } from '@/engine/protocol';

/** The one error that comes out of the engine, on either side. */
export class EngineError extends Error implements EngineErrorData {
  override readonly name = 'EngineError';

  /** @param sentence for the user: what happened, and what to do about it */
  constructor(
    readonly kind: EngineErrorKind,
    readonly sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }

  /** What crosses between page and worker: a class does not survive the crossing. */
  get data(): EngineErrorData {
    return { kind: this.kind, sentence: this.sentence };
  }
}

/** Whatever was thrown, as an `EngineError`. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (isErrorData(thrown)) return new EngineError(thrown.kind, thrown.sentence);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const named = thrown instanceof Error ? byName(thrown.name, message) : null;
  if (named !== null) return new EngineError(named, message, { cause: thrown });
  if (/out of memory|allocation (failed|size)|array buffer allocation/i.test(message)) {
    return new EngineError(
      'out-of-memory',
      'The browser has no memory left for the models. Close other tabs and try again.',
      {
        cause: thrown,
      },
    );
  }
  return new EngineError(
    'internal',
    `Something went wrong while the models ran (${message}). Try again, or reload the page.`,
    {
      cause: thrown,
    },
  );
}

/** Errors of the parts below whose messages are sentences already. */
function byName(name: string, message: string): EngineErrorKind | null {
  if (message === '') return null;
  if (name === 'UntoldHeadsError') return 'untold-heads';
  if (name === 'CheckpointError' || name === 'ConfigError') return 'checkpoint';
  return name === 'ImageError' ? 'image' : null;
}

function isErrorData(value: unknown): value is EngineErrorData {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('sentence' in value)) return false;
  return typeof value.sentence === 'string' && ENGINE_ERROR_KINDS.some((kind) => kind === value.kind);
}
