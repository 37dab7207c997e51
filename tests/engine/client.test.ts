import { afterEach, describe, expect, it } from 'vitest';
import { createEngineClient, type EngineClient, type EngineEvent } from '@/engine/client';
import type { Engine, ExploreRequest, CheckpointReport } from '@/engine/protocol';
import { explorationOf, fakeEngine, fakeWorker, FakeClock, INFO, messagesArrive, type FakeWorker } from './fakes';

const never = (): Promise<never> => new Promise(() => {});
const request = (value: number): ExploreRequest => ({
  modelIds: ['teacher'],
  pixels: new Float32Array(784).fill(value),
});

let opened: EngineClient | null = null;
afterEach(() => opened?.close());

/** @param engines of the first worker, the second, ...; the last one serves for all further ones */
function setUp(...engines: readonly Engine[]) {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const events: EngineEvent[] = [];
  const client = createEngineClient({
    spawn: () => {
      const engine = engines[Math.min(workers.length, engines.length - 1)] ?? fakeEngine();
      const worker = fakeWorker(engine);
      workers.push(worker);
      return worker;
    },
    clock,
    basePath: '/sub',
    backend: 'auto',
    listen: (event) => events.push(event),
  });
  opened = client;
  return { client, clock, workers, events, kinds: () => events.map(({ kind }) => kind) };
}

describe('the client of the engine', () => {
  it('starts the worker with the base path and says when it is ready', async () => {
    const asked: unknown[] = [];
    const { kinds } = setUp(
      fakeEngine({
        start: async (options) => {
          asked.push(options);
          return INFO;
        },
      }),
    );
    await messagesArrive();
    expect(asked).toEqual([{ basePath: '/sub', backend: 'auto' }]);
    expect(kinds().at(0)).toBe('loading');
    expect(kinds()).toContain('ready');
  });

  it('brings typed arrays there and back unchanged', async () => {
    const { client } = setUp(fakeEngine());
    const { logits } = await client.explore(request(0.25));
    expect(logits.teacher).toEqual(explorationOf(request(0.25).pixels).logits.teacher);
  });

  it('holds a call until the worker has started', async () => {
    let release = (): void => {};
    const started = new Promise<void>((resolve) => (release = resolve));
    const { client, kinds } = setUp(fakeEngine({ start: () => started.then(() => INFO) }));
    const exploration = client.explore(request(1));
    await messagesArrive();
    expect(kinds()).not.toContain('running');
    release();
    expect((await exploration).forwardMs).toEqual({ teacher: 1 });
  });

  it('lets the newest call win: earlier ones are cancelled at once', async () => {
    const { client } = setUp(fakeEngine());
    const values = [0.1, 0.2, 0.3];
    const outcomes = await Promise.allSettled(values.map((value) => client.explore(request(value))));
    const [first, second, last] = outcomes;
    for (const outcome of [first, second])
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled' } });
    expect(last).toMatchObject({ status: 'fulfilled', value: explorationOf(request(0.3).pixels) });
  });

  it('gives every call a higher ticket than the one before', async () => {
    const tickets: number[] = [];
    const explore: Engine['explore'] = async (ticket, { pixels }) => {
      tickets.push(ticket);
      return explorationOf(pixels);
    };
    const { client } = setUp(fakeEngine({ explore }));
    await client.explore(request(0));
    await client.explore(request(1));
    expect(tickets).toEqual([...tickets].sort((a, b) => a - b));
    expect(new Set(tickets).size).toBe(2);
  });

  it('passes named errors on, and stays ready after them', async () => {
    const { client, kinds } = setUp(
      fakeEngine({
        explore: async () => {
          throw { kind: 'image', sentence: 'No picture.' };
        },
      }),
    );
    await expect(client.explore(request(1))).rejects.toMatchObject({
      name: 'EngineError',
      kind: 'image',
      sentence: 'No picture.',
    });
    await messagesArrive();
    expect(kinds().at(-1)).toBe('ready');
  });

  it('fails, and says why, when the engine does not start; a call then fails at once', async () => {
    const { client, events } = setUp(
      fakeEngine({
        start: async () => {
          throw { kind: 'checkpoint', sentence: 'A model is damaged.' };
        },
      }),
    );
    await expect(client.explore(request(1))).rejects.toMatchObject({ kind: 'checkpoint' });
    expect(events.at(-1)).toEqual({ kind: 'failed', error: { kind: 'checkpoint', sentence: 'A model is damaged.' } });
    await expect(client.explore(request(1))).rejects.toMatchObject({ kind: 'checkpoint' });
  });
});

describe('a worker that dies', () => {
  it('is noticed within five seconds when it is idle and says nothing, and replaced', async () => {
    const { clock, workers, kinds, client } = setUp(fakeEngine());
    await messagesArrive();
    workers[0]?.silence();
    await clock.advance(5000);
    expect(kinds()).toContain('restarting');
    expect(workers).toHaveLength(2);
    expect(workers[0]?.isTerminated()).toBe(true);
    expect(kinds().at(-1)).toBe('ready');
    await expect(client.explore(request(1))).resolves.toBeDefined();
  });

  it('leaves its call to the next one', async () => {
    const { clock, workers, client } = setUp(fakeEngine({ explore: never }), fakeEngine());
    await messagesArrive();
    const exploration = client.explore(request(0.5));
    await messagesArrive();
    workers[0]?.reportError('boom');
    await clock.advance(1000);
    expect((await exploration).logits.teacher?.[0]).toBe(0.5);
    expect(workers).toHaveLength(2);
  });

  it('gets its call to the next one also when it dies in silence', async () => {
    const { clock, workers, client } = setUp(fakeEngine({ explore: never }), fakeEngine());
    await messagesArrive();
    const exploration = client.explore(request(0.5));
    await messagesArrive();
    workers[0]?.silence();
    await clock.advance(20_000);
    expect((await exploration).logits.teacher?.[0]).toBe(0.5);
  });

  it('is given up at the third death within a minute, with a sentence', async () => {
    const { clock, workers, events, client } = setUp(fakeEngine({ explore: never }));
    const exploration = client.explore(request(1));
    const refused = expect(exploration).rejects.toMatchObject({ kind: 'worker-died' });
    for (let i = 0; i < 3; i++) {
      await messagesArrive();
      workers.at(-1)?.reportError('boom');
      await clock.advance(2000);
    }
    await refused;
    expect(workers).toHaveLength(3);
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: 'failed', error: { kind: 'worker-died' } });
  });

  it('may die again after a quiet minute', async () => {
    const { clock, workers, kinds } = setUp(fakeEngine());
    for (let i = 0; i < 4; i++) {
      await messagesArrive();
      workers.at(-1)?.reportError('boom');
      await clock.advance(61_000);
    }
    expect(kinds()).not.toContain('failed');
    expect(workers).toHaveLength(5);
  });

  it('starts afresh at the visitor’s wish after it was given up', async () => {
    const { clock, workers, client, kinds } = setUp(fakeEngine());
    for (let i = 0; i < 3; i++) {
      await messagesArrive();
      workers.at(-1)?.reportError('boom');
      await clock.advance(2000);
    }
    expect(kinds().at(-1)).toBe('failed');
    client.restart('cpu');
    await messagesArrive();
    expect(kinds().at(-1)).toBe('ready');
    await expect(client.explore(request(1))).resolves.toBeDefined();
  });

  it('hands the open family and its replaced members to its successor', async () => {
    const loaded: string[] = [];
    const replaceMember: Engine['replaceMember'] = async ({ id, fileName, bytes }) => {
      loaded.push(`${fileName}: ${bytes.byteLength}`);
      return { id, parameters: 1, used: 1, ignored: [] } as unknown as CheckpointReport;
    };
    const { clock, workers, client } = setUp(fakeEngine({ replaceMember }));
    const weights = { familyId: 'fashion-mnist', weights: 'embedded', trained: null, recipe: null } as const;
    await client.openFamily(weights, { preprocessing: never, samples: never });
    await client.replaceMember({ id: 'baseline', fileName: 'mine.safetensors', bytes: new ArrayBuffer(8) });
    workers[0]?.reportError('boom');
    await clock.advance(2000);
    expect(loaded).toEqual(['mine.safetensors: 8', 'mine.safetensors: 8']);
  });

  it('is given up, with a sentence that says what to do, when no first word comes within a minute', async () => {
    const { clock, workers, events, client } = setUp(fakeEngine({ start: never, ping: never }), fakeEngine());
    const refused = expect(client.explore(request(1))).rejects.toMatchObject({ kind: 'network' });
    await clock.advance(59_000);
    expect(events.at(-1)).toEqual({ kind: 'loading' });
    await clock.advance(1500);
    await refused;
    expect(events.at(-1)).toMatchObject({ kind: 'failed', error: { sentence: expect.stringMatching(/Restart/) } });
    expect(workers[0]?.isTerminated()).toBe(true);
    client.restart('auto');
    await messagesArrive();
    expect(events.at(-1)).toMatchObject({ kind: 'ready' });
  });

  it('is given time to start once its first word has come', async () => {
    const { clock, workers, kinds } = setUp(fakeEngine({ start: never }));
    await clock.advance(120_000);
    expect(workers).toHaveLength(1);
    expect(kinds()).toEqual(['loading']);
  });

  it('is not declared dead while it computes for some seconds', async () => {
    const { clock, workers, client } = setUp(fakeEngine({ explore: never, ping: answersOnce() }));
    await messagesArrive();
    void client.explore(request(1)).catch(() => {});
    await clock.advance(1000);
    await clock.advance(8000);
    expect(workers).toHaveLength(1);
  });

  it('means nothing once the client is closed', async () => {
    const { clock, workers, client, events } = setUp(fakeEngine());
    await messagesArrive();
    client.close();
    const heard = events.length;
    workers[0]?.reportError('boom');
    await clock.advance(10_000);
    expect(workers).toHaveLength(1);
    expect(events).toHaveLength(heard);
  });
});

/** The first questions are answered: before the work begins, and once more. Then it is busy. */
function answersOnce(): Engine['ping'] {
  let left = 2;
  return () => (left-- > 0 ? Promise.resolve(true as const) : never());
}
