/** Live frames on the page's side: one at a time, its pixels handed over, and none left waiting for a worker that is gone. */
import { transfer, type Remote } from 'comlink';
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Engine, LiveFrame, LiveRequest } from '@/engine/protocol';

export interface LiveCalls {
  /** @throws EngineError; its pixels are gone then, and the next frame brings its own */
  readonly frame: (request: LiveRequest) => Promise<LiveFrame>;
  /** The worker that was asked is gone. */
  readonly drop: () => void;
  readonly isPending: () => boolean;
}

/**
 * @param present the worker, once it has started
 * @param nextTicket counts on
 */
export function liveCalls(present: () => Remote<Engine> | null, nextTicket: () => number): LiveCalls {
  let drop: (() => void) | null = null;

  return {
    frame: async (request) => {
      const remote = present();
      if (remote === null) throw new EngineError('cancelled', 'The models are on their way.');
      if (drop !== null) throw new EngineError('cancelled', 'The frame before is still on its way.');
      try {
        return await new Promise<LiveFrame>((resolve, reject) => {
          drop = () => reject(new EngineError('cancelled', 'The models are started again.'));
          remote.live(nextTicket(), transfer(request, [request.pixels.buffer])).then(resolve, (thrown: unknown) => {
            reject(toEngineError(thrown));
          });
        });
      } finally {
        drop = null;
      }
    },
    drop: () => drop?.(),
    isPending: () => drop !== null,
  };
}
