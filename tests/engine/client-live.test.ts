import { afterEach, describe, expect, it } from 'vitest';
import { createEngineClient, type EngineClient, type EngineEvent } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import type { Engine, LiveFrame, LiveRequest } from '@/engine/protocol';
import { fakeEngine, fakeWorker, FakeClock, messagesArrive, type FakeWorker } from './fakes';

const request = (value: number): LiveRequest => ({
  modelId: 'bi-vit',
  pixels: new Float32Array(784).fill(value),
  layer: 0,
  head: 2,
  query: 33,
  map: 'softmaxed',
  path: 'fastest',
});

const answer: Engine['live'] = async (_ticket, { pixels }): Promise<LiveFrame> => ({
  pixels,
  logits: Float32Array.of(pixels[0] ?? NaN),
  attention: new Float32Array(50),
  map: 'softmaxed',
  path: 'float',
  pathReason: 'Because.',
  kernels: 'none',
  stages: [],
  totalMs: 1,
  memoryBytes: 0,
  tensors: 0,
});

let opened: EngineClient | null = null;
afterEach(() => opened?.close());

function setUp(engine: Engine) {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const events: EngineEvent[] = [];
  const client = createEngineClient({
    spawn: () => {
      const worker = fakeWorker(engine);
      workers.push(worker);
      return worker;
    },
    clock,
    basePath: '',
    backend: 'auto',
    listen: (event) => events.push(event),
  });
  opened = client;
  return { client, clock, workers, events };
}

const kindOf = (refused: Promise<unknown>) =>
  refused.then(
    () => 'none',
    (error: unknown) => toEngineError(error).kind,
  );

describe('live frames of the client', () => {
  it('hand their pixels over, and get a buffer back', async () => {
    const { client } = setUp(fakeEngine({ live: answer }));
    await messagesArrive();
    const asked = request(0.5);
    const frame = await client.live(asked);
    expect(frame.logits[0]).toBe(0.5);
    expect(frame.pixels).toHaveLength(784);
    expect(asked.pixels).toHaveLength(0); // it is not here any more
  });

  it('say nothing in the events, however many there are', async () => {
    const { client, events } = setUp(fakeEngine({ live: answer }));
    await messagesArrive();
    const heard = events.length;
    for (let i = 0; i < 5; i++) await client.live(request(0.1 * i));
    expect(events).toHaveLength(heard);
  });

  it('are refused before the models are here, and while another one is on its way', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { client } = setUp(fakeEngine({ live: (...asked) => held.then(() => answer(...asked)) }));
    expect(await kindOf(client.live(request(0)))).toBe('cancelled');
    await messagesArrive();
    const first = client.live(request(1));
    expect(await kindOf(client.live(request(0)))).toBe('cancelled');
    release();
    expect((await first).logits[0]).toBe(1);
    expect(await kindOf(client.live(request(0)))).toBe('none');
  });

  it('do not wait for a worker that died, and the next one answers again', async () => {
    let alive = false;
    const { client, clock, workers } = setUp(
      fakeEngine({ live: (...asked) => (alive ? answer(...asked) : new Promise(() => {})) }),
    );
    await messagesArrive();
    const lost = kindOf(client.live(request(1)));
    workers[0]?.reportError('gone');
    expect(await lost).toBe('cancelled');
    alive = true;
    await clock.advance(1000);
    expect((await client.live(request(0.25))).logits[0]).toBe(0.25);
  });

  it('pass refusals on', async () => {
    const live: Engine['live'] = async () => {
      throw { kind: 'checkpoint', sentence: 'Not loaded.' };
    };
    const { client } = setUp(fakeEngine({ live }));
    await messagesArrive();
    expect(await kindOf(client.live(request(1)))).toBe('checkpoint');
  });
});
