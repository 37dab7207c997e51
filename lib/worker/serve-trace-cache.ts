/** Traces of the picture on screen: analyses of one tab, and of the next one, ask for the same. */
import type { ModelId, Trace } from '@/lib/worker/protocol';
import type { ModelParts } from '@/lib/worker/serve-family';
import type { Resident } from '@/lib/worker/serve-resident';
import { keepHere } from '@/lib/worker/serve-transfer';
import type { TraceOptions } from '@/models/trace';

/** With gradients one is about 1.5 MB; five models, forward and for two losses, make fifteen. */
const TRACES_KEPT = 15;

/** Of one picture and one generation of the models: another of either empties it. */
export class TraceCache {
  private traces = new Map<string, Promise<Trace>>();
  private image: Float32Array | null = null;
  private generation = 0;

  constructor(
    private readonly resident: Resident,
    private readonly traceImage: ModelParts['traceImage'],
  ) {}

  /** @param image normalized, [28 * 28] */
  trace(id: ModelId, image: Float32Array, options: TraceOptions): Promise<Trace> {
    const { generation } = this.resident;
    if (generation !== this.generation || this.image === null || !sameValues(image, this.image)) {
      this.traces = new Map();
      this.image = image;
      this.generation = generation;
    }
    const { traces } = this;
    const { gradients, loss = 'cross-entropy', lossClass } = options;
    // What a loss is of makes no difference to a trace without one.
    const key = gradients ? `${id} ${loss} ${lossClass}` : id;
    const known = traces.get(key);
    if (known !== undefined) return known;
    const trace = this.compute(id, image, options);
    traces.set(key, trace);
    trace.catch(() => traces.delete(key));
    const [oldest] = traces.keys();
    if (traces.size > TRACES_KEPT && oldest !== undefined) traces.delete(oldest);
    return trace;
  }

  private async compute(id: ModelId, image: Float32Array, options: TraceOptions): Promise<Trace> {
    const trace = await this.traceImage(this.resident.modelOrFail(id), image, options);
    this.resident.refuseLost();
    return keepHere(trace);
  }
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
