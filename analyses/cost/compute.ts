/** How long a forward takes here: full precision and binarized, turn by turn, so that whatever else the machine does meets both. */
import { register, type Compute } from '@/engine/compute';
import { type Quartiles, SPEED } from '@/analyses/cost/protocol';
import { quantile } from '@/lib/math/quantile';
import { randomModel, timedForward, type TimedForward } from '@/models/speed';
import type { Model } from '@/models/model';

const SEED = 1;
const ROUNDS = 15;
/** Clocks of browsers are coarse: a short forward is repeated until a sample is at least so long. */
const SAMPLE_MS = 5;
const MOST_REPEATS = 50;

/** Models of random weights are made for the measurement and let go of; of the embedded family the shipped ones are timed. */
export const analyzeSpeed: Compute<typeof SPEED> = async ({ config }, { model, studentIds, now, info, step }) => {
  const made: Model[] = [];
  const timed: TimedForward[] = [];
  const total = ROUNDS + 3;
  const report = (what: string, done: number) => step({ what, done, total, partial: null });

  async function modelOf(quantization: 'none' | 'bi-vit-elastic', done: number): Promise<Model> {
    if (config === 'family') return model(quantization === 'none' ? 'teacher' : (studentIds.at(-1) ?? 'teacher'));
    await report('making the models', done);
    const fresh = randomModel({ ...config, quantization }, SEED);
    made.push(fresh);
    return fresh;
  }

  async function oneOf(which: Model): Promise<Contestant> {
    const forward = timedForward(which);
    timed.push(forward);
    await forward.run();
    const startMs = now();
    await forward.run();
    const repeats = Math.ceil(SAMPLE_MS / Math.max(now() - startMs, SAMPLE_MS / MOST_REPEATS));
    return { forward, repeats, samples: [] };
  }

  try {
    const full = await oneOf(await modelOf('none', 0));
    const binary = await oneOf(await modelOf('bi-vit-elastic', 1));
    for (let round = 0; round < ROUNDS; round++) {
      // Who comes second finds the caches as the first left them.
      const turns = round % 2 === 0 ? [full, binary] : [binary, full];
      for (const contestant of turns) {
        await report('rounds', round + 2);
        await sample(contestant, now);
      }
    }
    await report('rounds', total);
    const { backend, kernels } = info();
    const [fullMs, binaryMs] = [quartiles(full.samples), quartiles(binary.samples)];
    return {
      fullMs,
      binaryMs,
      ratio: fullMs.median / binaryMs.median,
      rounds: ROUNDS,
      backend,
      path: binary.forward.path,
      isRelaxed: kernels.kind === 'fast' && kernels.file === 'kernels-relaxed.wasm',
    };
  } finally {
    for (const each of [...timed, ...made]) each.dispose();
  }
};

export const speedCompute = register(SPEED, analyzeSpeed);

interface Contestant {
  readonly forward: TimedForward;
  /** Forwards in a sample. */
  readonly repeats: number;
  /** Milliseconds of one forward. */
  readonly samples: number[];
}

async function sample({ forward, repeats, samples }: Contestant, now: () => number): Promise<void> {
  const startMs = now();
  for (let i = 0; i < repeats; i++) await forward.run();
  samples.push((now() - startMs) / repeats);
}

function quartiles(samples: readonly number[]): Quartiles {
  const at = (level: number): number => quantile(samples, level) ?? Number.NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
