/** Traces of the picture on screen: analyses of one tab, and of the next one, ask for the same. */
import type { MemberId } from '@/models/families/family';
import type { Trace } from '@/engine/protocol';
import type { Session } from '@/engine/session';
import { keepHere } from '@/engine/transfer';
import { hasLargeTraces } from '@/models/families/family';
import { layersOf } from '@/models/architectures/configs';
import type { TraceOptions } from '@/models/trace';
import { traceImage } from '@/models/trace-image';

/** Five models, forward and for two losses. */
const TRACES_KEPT = 15;
/** One of DeiT-Tiny at 224 px has some 20 MB. */
const BYTES_KEPT = 128 * 2 ** 20;

/** Of one picture and one generation of the models: another of either empties it. */
export class TraceCache {
  private traces = new Map<string, Promise<Trace>>();
  private image: Float32Array | null = null;
  private generation = 0;

  constructor(private readonly session: Session) {}

  /** @param image normalized, [channels * size * size] */
  trace(id: MemberId, image: Float32Array, options: TraceOptions): Promise<Trace> {
    const { generation } = this.session;
    if (generation !== this.generation || this.image === null || !sameValues(image, this.image)) {
      this.traces = new Map();
      this.image = image;
      this.generation = generation;
    }
    const { traces } = this;
    const { gradients, loss = 'cross-entropy', lossClass } = options;
    // With gradients one of DeiT-Tiny has 60 MB, and no two analyses ask for the same: it is handed over, not kept.
    if (gradients && hasLargeTraces({ layers: layersOf(this.session.open.config) }))
      return this.fresh(id, image, options);
    // What a loss is of makes no difference to a trace without one.
    const key = gradients ? `${id} ${loss} ${lossClass}` : id;
    const known = traces.get(key);
    if (known !== undefined) return known;
    const trace = this.compute(id, image, options);
    traces.set(key, trace);
    trace.then(
      () => void this.prune(traces),
      () => traces.delete(key),
    );
    return trace;
  }

  /** The oldest go first; the newest stays, whatever its size. */
  private async prune(traces: Map<string, Promise<Trace>>): Promise<void> {
    const sizes = new Map<string, number>();
    for (const [key, trace] of [...traces]) sizes.set(key, await trace.then(bytesOf, () => 0));
    let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const [key, size] of sizes) {
      if (traces.size <= 1 || (traces.size <= TRACES_KEPT && bytes <= BYTES_KEPT)) return;
      traces.delete(key);
      bytes -= size;
    }
  }

  private async compute(id: MemberId, image: Float32Array, options: TraceOptions): Promise<Trace> {
    return keepHere(await this.fresh(id, image, options));
  }

  private async fresh(id: MemberId, image: Float32Array, options: TraceOptions): Promise<Trace> {
    const trace = await traceImage(this.session.modelOrFail(id), image, options);
    this.session.refuseLost();
    return trace;
  }
}

function bytesOf({ layers }: Trace): number {
  let bytes = 0;
  for (const layer of layers)
    for (const part of Object.values(layer)) if (part instanceof Float32Array) bytes += part.byteLength;
  return bytes;
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
