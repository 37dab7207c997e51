import { REPAIR } from '@/analyses/attribution/protocol';
import { GRADIENTS } from '@/analyses/gradient/protocol';
import { RANKING } from '@/analyses/ranking/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { AnalysisProgress, ResultOf } from '@/engine/analysis';
import { createEngineClient, type EngineClient, type EngineEvent } from '@/engine/client';
import type { Engine } from '@/engine/protocol';
import { explorationOf, fakeEngine, fakeWorker, FakeClock, messagesArrive, type FakeWorker } from './fakes';

const PIXELS = new Float32Array(784).fill(0.5);
const ignore = (): void => {};
const never = (): Promise<never> => new Promise(() => {});

let opened: EngineClient | null = null;
afterEach(() => opened?.close());

function setUp(...engines: readonly Partial<Engine>[]) {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const events: EngineEvent[] = [];
  const client = createEngineClient({
    spawn: () => {
      const worker = fakeWorker(fakeEngine(engines[Math.min(workers.length, engines.length - 1)] ?? {}));
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

/** An engine that answers with the request; a test tells answers apart by it. */
const echo: Engine['analyze'] = async (_ticket, _kind, request) => request as never;

describe('analyses through the client', () => {
  it('bring a request there and its result back, with what is reported in between', async () => {
    const analyze: Engine['analyze'] = async (_ticket, { id }, _request, pixels, onProgress) => {
      onProgress({ what: id, done: 1, total: 2, partial: null });
      await messagesArrive();
      return { students: {}, teacherTieShare: [[{ value: pixels[0], definedRows: 1, totalRows: 1 }]] } as never;
    };
    const { client } = setUp({ analyze });
    const seen: AnalysisProgress<ResultOf<typeof RANKING>>[] = [];
    const { teacherTieShare } = await client.analyze(RANKING, { k: 5 }, PIXELS, (progress) => seen.push(progress));
    expect(teacherTieShare[0]?.[0]?.value).toBe(0.5);
    expect(seen).toEqual([{ what: 'ranking', done: 1, total: 2, partial: null }]);
    expect(PIXELS).toHaveLength(784); // the page keeps its picture
  });

  it('let the newest of a kind win, and kinds do not disturb each other', async () => {
    const { client } = setUp({ analyze: echo });
    const outcomes = await Promise.allSettled([
      client.analyze(RANKING, { k: 1 }, PIXELS, ignore),
      client.analyze(GRADIENTS, { target: 3 }, PIXELS, ignore),
      client.analyze(RANKING, { k: 2 }, PIXELS, ignore),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { kind: 'cancelled' } },
      { status: 'fulfilled', value: { target: 3 } },
      { status: 'fulfilled', value: { k: 2 } },
    ]);
  });

  it('that are superseded report no more', async () => {
    let report = ignore;
    const analyze: Engine['analyze'] = async (_ticket, _kind, _request, _pixels, onProgress) => {
      report = () => onProgress({ what: 'late', done: 1, total: 2, partial: null });
      return never();
    };
    const { client } = setUp({ analyze });
    await messagesArrive();
    const seen: unknown[] = [];
    const first = client.analyze(RANKING, { k: 1 }, PIXELS, (progress) => seen.push(progress)).catch(ignore);
    await messagesArrive();
    const lateReport = report;
    void client.analyze(RANKING, { k: 2 }, PIXELS, ignore).catch(ignore);
    lateReport();
    await first;
    await messagesArrive();
    expect(seen).toEqual([]);
  });

  it('are cancelled here at once, and in the worker with the ticket that names all so far', async () => {
    const told: unknown[] = [];
    let asked = 0;
    const { client } = setUp({
      analyze: (ticket) => {
        asked = ticket;
        return never();
      },
      cancelAnalysis: async (kind, ticket) => {
        told.push([kind, ticket]);
      },
    });
    await messagesArrive();
    const refused = expect(client.analyze(REPAIR, { studentId: 'baseline', target: 1 }, PIXELS, ignore)).rejects;
    await messagesArrive();
    client.cancelAnalysis('repair');
    await refused.toMatchObject({ kind: 'cancelled' });
    await messagesArrive();
    expect(told).toEqual([['repair', asked]]);
  });

  it('survive the death of their worker', async () => {
    const { client, workers, clock } = setUp({ analyze: never }, { analyze: echo });
    await messagesArrive();
    const study = client.analyze(RANKING, { k: 9 }, PIXELS, ignore);
    await messagesArrive();
    workers[0]?.reportError('boom');
    await clock.advance(1000);
    expect(await study).toEqual({ k: 9 });
    expect(workers).toHaveLength(2);
  });

  it('fail by name, and the engine stays ready', async () => {
    const { client, events } = setUp({
      analyze: async () => {
        throw { kind: 'internal', sentence: 'No such thing.' };
      },
    });
    await expect(client.analyze(RANKING, { k: 5 }, PIXELS, ignore)).rejects.toMatchObject({
      kind: 'internal',
      sentence: 'No such thing.',
    });
    await messagesArrive();
    expect(events.at(-1)).toMatchObject({ kind: 'ready' });
  });

  it('are no run over all models: they are neither announced nor timed', async () => {
    const { client, events } = setUp({ analyze: echo });
    await client.analyze(RANKING, { k: 5 }, PIXELS, ignore);
    await messagesArrive();
    expect(events.map(({ kind }) => kind)).not.toContain('running');
    expect(events.filter((event) => event.kind === 'ready' && event.runMs !== null)).toEqual([]);
  });

  it('that end while a picture is explored do not say that this has ended', async () => {
    let finish = ignore;
    const exploring = new Promise<void>((resolve) => (finish = resolve));
    const { client, events } = setUp({
      analyze: echo,
      explore: async (_ticket, { pixels }) => {
        await exploring;
        return explorationOf(pixels);
      },
    });
    await messagesArrive();
    const exploration = client.explore({ modelIds: ['teacher'], pixels: PIXELS });
    await client.analyze(RANKING, { k: 5 }, PIXELS, ignore);
    await messagesArrive();
    expect(events.at(-1)).toEqual({ kind: 'running' });
    finish();
    await exploration;
    expect(events.at(-1)).toMatchObject({ kind: 'ready', runMs: expect.any(Number) });
  });
});
