import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCheckpointCache, type CheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { createModelsStore, type ModelsStore } from '@/state/models/models-store';
import type { DroppedFile } from '@/state/models/models-state';
import type { CheckpointReport, GoldenReport, InspectRequest } from '@/engine/protocol';
import type { EngineClient } from '@/engine/client';
import { EngineError } from '@/engine/engine-error';
import { parseConfig } from '@/models/config';
import { LARGE_BYTES, LARGE_REPO, startLocalHub } from '@/tests/lib/checkpoints/local-hub';

const local = startLocalHub();

const report = (missing: readonly string[] = []): CheckpointReport => ({
  config: parseConfig(
    JSON.stringify({
      architecture: 'deit',
      quantization: 'none',
      imageSize: 32,
      patchSize: 8,
      inChannels: 3,
      embedDim: 64,
      depth: 2,
      numHeads: 1,
      mlpRatio: 4,
      numClasses: 10,
      distilled: false,
      normEps: 1e-6,
    }),
  ),
  isBinary: false,
  parameters: 1234,
  used: 30,
  ignored: [{ key: 'head_dist.weight', why: 'not used' }],
  missing,
});

const golden: GoldenReport = {
  rows: [{ stage: 'logits', entries: 10, maxError: 1e-6, flips: null }],
  logitsMaxError: 1e-6,
  images: 1,
};

function fakeEngine() {
  const inspect = vi.fn(async (request: InspectRequest) => (request.bytes.byteLength > 0 ? report() : report()));
  const compareGolden = vi.fn(async () => golden);
  const close = vi.fn();
  const engine = { inspect, compareGolden, close } as unknown as EngineClient;
  return { engine, inspect, compareGolden, close };
}

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function open({
  cache = createCheckpointCache(null, null),
  engine = fakeEngine(),
}: { cache?: CheckpointCache; engine?: ReturnType<typeof fakeEngine> } = {}) {
  let nowMs = 0;
  const createEngine = vi.fn(() => engine.engine);
  const page = createModelsStore({
    hubUrl: local.url,
    fetch: globalThis.fetch,
    cache,
    createEngine,
    now: () => ++nowMs,
    pause: async () => {},
  });
  stops.push(page.start());
  return { ...page, cache, ...engine, createEngine };
}

const state = (page: Pick<ModelsStore, 'store'>) => page.store.getState();
const file = (name: string, text = name): DroppedFile => {
  const bytes = new TextEncoder().encode(text);
  return { name, size: bytes.byteLength, arrayBuffer: async () => bytes.slice().buffer };
};
const idOf = (text: string): string => `file-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

describe('a repository on the Models page', () => {
  it('is asked for, then fetched, then kept', async () => {
    const page = open();
    const before = local.hub.requests.length;
    expect(page.actions.add(LARGE_REPO)).toBe(true);
    await vi.waitFor(() => expect(state(page).offers.get(LARGE_REPO)?.file?.bytes).toBe(LARGE_BYTES));
    expect(state(page).typed).toEqual([LARGE_REPO]);
    expect(local.hub.requests.slice(before).some((request) => request.includes('/repos/'))).toBe(false);
    await vi.waitFor(() => expect(state(page).offers.get(LARGE_REPO)?.phase).toBe('idle'));
    await page.actions.fetch(LARGE_REPO);
    expect(state(page).kept?.map(({ id }) => id)).toEqual([LARGE_REPO]);
    expect(state(page).offers.get(LARGE_REPO)).toMatchObject({ phase: 'idle', partialBytes: 0, trouble: null });
    await page.actions.remove(LARGE_REPO);
    expect(state(page).kept).toEqual([]);
  });

  it('asks the hub for nothing before somebody wants it', async () => {
    const before = local.hub.requests.length;
    const page = open();
    await vi.waitFor(() => expect(state(page).kept).toEqual([]));
    expect(local.hub.requests.length).toBe(before);
  });

  it('keeps what arrived when it is cancelled, says so, and no trouble', async () => {
    local.hub.setFaults({ bytesPerSecond: 4_000_000 });
    const page = open();
    const fetching = page.actions.fetch(LARGE_REPO);
    await vi.waitFor(() => {
      const progress = state(page).offers.get(LARGE_REPO)?.progress;
      expect(progress?.kind === 'downloading' && progress.loadedBytes > 0).toBe(true);
    });
    page.actions.cancel(LARGE_REPO);
    await fetching;
    expect(state(page).offers.get(LARGE_REPO)).toMatchObject({ phase: 'idle', trouble: null, progress: null });
    expect(state(page).kept).toEqual([]);
    // What was typed, or has a card, is looked for in the cache.
    page.actions.add(LARGE_REPO);
    await vi.waitFor(() => expect(state(page).offers.get(LARGE_REPO)?.partialBytes).toBeGreaterThan(0));
    await page.actions.removeAll();
    await vi.waitFor(() => expect(state(page).offers.get(LARGE_REPO)?.partialBytes).toBe(0));
  });

  it('tells in a sentence what went wrong, and stays usable', async () => {
    local.hub.setFaults({ wrongHash: true });
    const page = open();
    await page.actions.fetch(LARGE_REPO);
    expect(state(page).offers.get(LARGE_REPO)?.trouble).toMatch(/its SHA-256 differs/);
    local.hub.setFaults({});
    // The hub is asked again: what it said was wrong.
    await page.actions.ask(LARGE_REPO);
    await page.actions.fetch(LARGE_REPO);
    expect(state(page).offers.get(LARGE_REPO)?.trouble).toBeNull();
    expect(state(page).kept).toHaveLength(1);
  });

  it('is not taken in when its name cannot be one', () => {
    const page = open();
    expect(page.actions.add('no slash')).toBe(false);
    expect(state(page).typed).toEqual([]);
  });
});

describe('a file on the Models page', () => {
  it('is looked into in a worker that is made only then, and kept under its SHA-256', async () => {
    const page = open();
    expect(page.createEngine).not.toHaveBeenCalled();
    await page.actions.take([file('mine.safetensors')]);
    const id = idOf('mine.safetensors');
    expect(state(page).inspected).toMatchObject({
      id,
      label: 'mine.safetensors',
      numHeads: null,
      report: { used: 30 },
    });
    expect(state(page).kept).toMatchObject([{ id, source: { kind: 'file', fileName: 'mine.safetensors' } }]);
    expect(state(page).work).toBeNull();
    expect(Buffer.from((await page.cache.get(id))?.bytes ?? []).toString()).toBe('mine.safetensors');
  });

  it('is compared with what PyTorch gave for it when both are dropped, in either order', async () => {
    const page = open();
    await page.actions.take([file('mine.golden.safetensors'), file('mine.pth')]);
    expect(state(page).compared).toEqual({
      checkpoint: 'mine.pth',
      golden: 'mine.golden.safetensors',
      report: golden,
    });
    await page.actions.take([file('mine.pth')]);
    expect(state(page).compared).toBeNull();
  });

  it('is shown but not kept when tensors are missing', async () => {
    const engine = fakeEngine();
    engine.inspect.mockResolvedValueOnce(report(['blocks.1.norm1.weight']));
    const page = open({ engine });
    await page.actions.take([file('half.pth')]);
    expect(state(page).inspected?.report.missing).toEqual(['blocks.1.norm1.weight']);
    expect(state(page).kept).toEqual([]);
  });

  it('waits for the heads where the checkpoint does not tell them, and goes on with the answer', async () => {
    const engine = fakeEngine();
    engine.inspect.mockRejectedValueOnce(new EngineError('untold-heads', 'Say how many there are.'));
    const page = open({ engine });
    await page.actions.take([file('mine.pth'), file('mine.golden.safetensors')]);
    expect(state(page)).toMatchObject({
      question: { fileName: 'mine.pth', sentence: 'Say how many there are.' },
      work: null,
      inspected: null,
      notices: [],
    });
    await page.actions.answerHeads(2);
    expect(page.inspect).toHaveBeenLastCalledWith(expect.objectContaining({ numHeads: 2 }));
    expect(page.compareGolden).toHaveBeenCalledWith(expect.objectContaining({ numHeads: 2 }), expect.anything());
    expect(state(page)).toMatchObject({ question: null, inspected: { label: 'mine.pth', numHeads: 2 } });
    expect(state(page).compared?.checkpoint).toBe('mine.pth');
  });

  it('keeps the heads that somebody states, and looks again with them', async () => {
    const page = open();
    await page.actions.take([file('mine.pth')]);
    const id = idOf('mine.pth');
    await page.actions.setHeads(id, 4);
    expect(page.inspect).toHaveBeenLastCalledWith(expect.objectContaining({ numHeads: 4 }));
    expect(state(page).inspected?.numHeads).toBe(4);
    await page.actions.take([file('mine.pth')]);
    expect(page.inspect).toHaveBeenLastCalledWith(expect.objectContaining({ numHeads: 4 }));
    expect((await page.cache.get(id))?.entry.configJson).toContain('"num_attention_heads":4');
  });

  it.each([
    ['nothing', [], /no file in what was dropped/],
    ['what PyTorch gave alone', [file('a.golden.safetensors')], /Drop both files at once/],
    ['two checkpoints', [file('a.pth'), file('b.pth')], /One checkpoint at a time/],
    ['one that is too large', [{ ...file('a.pth'), size: 2e9 }], /2000 MB; up to 400 MB fit/],
  ])('is refused with a sentence: %s', async (_what, files, sentence) => {
    const page = open();
    await page.actions.take(files);
    expect(state(page).notices.at(-1)?.sentence).toMatch(sentence);
    expect(page.createEngine).not.toHaveBeenCalled();
  });

  it('is refused with the worker’s sentence, or with one when the disk does not give it', async () => {
    const engine = fakeEngine();
    engine.inspect.mockRejectedValueOnce(new EngineError('checkpoint', 'The file is truncated.'));
    const page = open({ engine });
    await page.actions.take([file('bad.pth')]);
    expect(state(page).notices.at(-1)).toMatchObject({
      title: 'bad.pth was not taken',
      sentence: 'The file is truncated.',
    });
    await page.actions.take([{ ...file('gone.pth'), arrayBuffer: () => Promise.reject(new Error('NotReadable')) }]);
    expect(state(page).notices.at(-1)?.sentence).toMatch(/could not be read from the disk/);
    expect(state(page)).toMatchObject({ work: null, kept: [] });
  });

  it('can be cancelled: its worker ends, nothing is kept, and the next one is taken', async () => {
    const engine = fakeEngine();
    let answer = (_report: CheckpointReport): void => {};
    engine.inspect.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const page = open({ engine });
    const taking = page.actions.take([file('slow.pth')]);
    await vi.waitFor(() => expect(engine.inspect).toHaveBeenCalled());
    expect(state(page).work?.what).toBe('reading slow.pth');
    page.actions.cancelWork();
    expect(engine.close).toHaveBeenCalledOnce();
    expect(state(page).work).toBeNull();
    answer(report());
    await taking;
    expect(state(page)).toMatchObject({ inspected: null, kept: [], notices: [] });
    await page.actions.take([file('next.pth')]);
    expect(state(page).inspected?.label).toBe('next.pth');
  });
});
