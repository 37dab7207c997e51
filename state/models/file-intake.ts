/**
 * Files that a user drops on the Models page: looked into in a worker, kept, and, where what PyTorch gave for a checkpoint was dropped
 * with it, compared with that. Nothing leaves the device and nothing of a file is executed.
 */
import type { StoreApi } from 'zustand/vanilla';
import { shortName } from '@/lib/checkpoints/checkpoint';
import { MAX_FETCHED_BYTES } from '@/lib/checkpoints/download';
import { sha256 } from '@/lib/checkpoints/hash';
import { numHeadsOf } from '@/lib/checkpoints/hub-config';
import type { CheckpointCache, CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import type { DroppedFile, ModelsActions, ModelsState } from '@/state/models/models-state';
import type { CheckpointReport } from '@/engine/protocol';
import type { EngineClient } from '@/engine/client';
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Progress } from '@/engine/protocol';

export interface IntakeEnvironment {
  readonly store: StoreApi<ModelsState>;
  readonly cache: CheckpointCache;
  readonly createEngine: () => EngineClient;
  readonly now: () => number;
  readonly refresh: () => Promise<void>;
  readonly notify: (title: string, thrown: unknown) => void;
}

export interface FileIntake {
  readonly actions: Pick<ModelsActions, 'take' | 'answerHeads' | 'look' | 'setHeads' | 'cancelWork'>;
  readonly end: () => void;
}

/** What PyTorch gave for a checkpoint, by the name that the project's own have. */
const GOLDEN = /\.golden\.safetensors$/i;

export function fileIntake(environment: IntakeEnvironment): FileIntake {
  const { store, cache, createEngine, now, refresh, notify } = environment;
  const { setState } = store;
  let engine: EngineClient | null = null;
  let newest = 0;

  const end = (): void => {
    newest++;
    engine?.close();
    engine = null;
    setState({ work: null });
  };

  /** The newest wins; an earlier one that is not through ends with its worker. */
  async function work(
    what: string,
    title: string,
    task: (engine: EngineClient, isStale: () => boolean) => Promise<void>,
  ): Promise<void> {
    if (store.getState().work !== null) end();
    const mine = ++newest;
    const isStale = (): boolean => mine !== newest;
    setState({ work: { what, progress: null }, question: null });
    try {
      engine ??= createEngine();
      await task(engine, isStale);
    } catch (thrown) {
      if (!isStale()) notify(title, thrown);
    }
    if (!isStale()) setState({ work: null });
    await refresh();
  }

  /** As the cache would hold it, with what was said of the same bytes before. */
  async function entryOf(
    file: DroppedFile,
    bytes: Uint8Array<ArrayBuffer>,
    numHeads: number | null,
  ): Promise<CachedCheckpoint> {
    const digest = await sha256(bytes);
    const id = `file-${digest.slice(0, 16)}`;
    const known = (await cache.get(id))?.entry.configJson ?? null;
    return {
      id,
      label: shortName(file.name),
      source: { kind: 'file', fileName: shortName(file.name) },
      bytes: bytes.byteLength,
      sha256: digest,
      verified: 'none',
      savedAtMs: now(),
      configJson: numHeads === null ? known : withHeads(known, numHeads),
    };
  }

  function showInspected(entry: CachedCheckpoint, report: CheckpointReport): void {
    const { id, label, configJson } = entry;
    setState({ inspected: { id, label, report, numHeads: numHeadsOf(configJson) } });
  }

  async function lookInto(entry: CachedCheckpoint, bytes: Uint8Array<ArrayBuffer>, present: EngineClient) {
    return present.inspect({ bytes: bytes.buffer, numHeads: numHeadsOf(entry.configJson) });
  }

  async function take(files: readonly DroppedFile[], numHeads: number | null): Promise<void> {
    const chosen = choose(files);
    if (chosen.kind === 'refused')
      return notify('The files were not taken', new EngineError('checkpoint', chosen.sentence));
    const { checkpoint, golden } = chosen;
    const title = `${shortName(checkpoint.name)} was not taken`;
    await work(`reading ${shortName(checkpoint.name)}`, title, async (present, isStale) => {
      const bytes = new Uint8Array(await read(checkpoint));
      const entry = await entryOf(checkpoint, bytes, numHeads);
      const report = await lookInto(entry, bytes, present).catch((thrown: unknown) => {
        if (toEngineError(thrown).kind !== 'untold-heads') throw thrown;
        if (!isStale())
          setState({
            question: { fileName: shortName(checkpoint.name), sentence: toEngineError(thrown).sentence, files },
          });
        return null;
      });
      if (isStale() || report === null) return;
      if (report.missing.length > 0) {
        // Shown, but of no use to any other page: it is not kept.
        setState({ inspected: { id: '', label: shortName(checkpoint.name), report, numHeads: null }, compared: null });
        return;
      }
      await cache.put(entry, bytes);
      if (isStale()) return;
      showInspected(entry, report);
      setState({ compared: null });
      if (golden === null) return;
      const what = `comparing with ${shortName(golden.name)}`;
      const onProgress = (progress: Progress): void => {
        if (!isStale() && progress.kind === 'running')
          setState({ work: { what, progress: progress.done / Math.max(1, progress.total) } });
      };
      const request = { checkpoint: bytes.buffer, golden: await read(golden), numHeads: numHeadsOf(entry.configJson) };
      setState({ work: { what, progress: null } });
      const compared = await present.compareGolden(request, onProgress);
      if (!isStale())
        setState({ compared: { checkpoint: entry.label, golden: shortName(golden.name), report: compared } });
    });
  }

  const actions: FileIntake['actions'] = {
    take: (files) => take(files, null),
    answerHeads: async (numHeads) => {
      const { question } = store.getState();
      if (question !== null) await take(question.files, numHeads);
    },
    look: async (id) => {
      await work('reading', 'It could not be read', async (present, isStale) => {
        const found = await cache.get(id);
        if (found === null) throw new EngineError('checkpoint', 'It is not here any more. Fetch it again.');
        const report = await lookInto(found.entry, found.bytes, present);
        if (!isStale()) showInspected(found.entry, report);
      });
    },
    setHeads: async (id, numHeads) => {
      await work('reading', 'The heads were not changed', async (present, isStale) => {
        const found = await cache.get(id);
        if (found === null) throw new EngineError('checkpoint', 'It is not here any more. Fetch it again.');
        const entry = { ...found.entry, configJson: withHeads(found.entry.configJson, numHeads) };
        const report = await lookInto(entry, found.bytes, present);
        if (isStale()) return;
        await cache.put(entry, found.bytes);
        showInspected(entry, report);
      });
    },
    cancelWork: end,
  };

  return { actions, end };
}

type Chosen =
  | { readonly kind: 'taken'; readonly checkpoint: DroppedFile; readonly golden: DroppedFile | null }
  | { readonly kind: 'refused'; readonly sentence: string };

function choose(files: readonly DroppedFile[]): Chosen {
  const goldens = files.filter(({ name }) => GOLDEN.test(name));
  const others = files.filter(({ name }) => !GOLDEN.test(name));
  const [checkpoint] = others;
  const refuse = (sentence: string): Chosen => ({ kind: 'refused', sentence });
  if (files.length === 0) return refuse('There was no file in what was dropped. Drop a .safetensors or .pth file.');
  if (checkpoint === undefined) {
    return refuse(
      'This is what PyTorch gave for a checkpoint, not a checkpoint. Drop both files at once to compare them.',
    );
  }
  if (others.length > 1 || goldens.length > 1) {
    return refuse(
      'One checkpoint at a time, alone or with the one .golden.safetensors that belongs to it. Drop fewer files.',
    );
  }
  for (const { name, size } of files) {
    if (size > MAX_FETCHED_BYTES) {
      return refuse(
        `${shortName(name)} has ${Math.round(size / 1e6)} MB; up to ${MAX_FETCHED_BYTES / 1e6} MB fit into a browser here. Choose a smaller model.`,
      );
    }
  }
  return { kind: 'taken', checkpoint, golden: goldens[0] ?? null };
}

async function read(file: DroppedFile): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new EngineError('checkpoint', `${shortName(file.name)} could not be read from the disk. Choose it again.`, {
      cause,
    });
  }
}

/** As transformers would write it, and as timm would; what cannot be read said nothing. */
function withHeads(configJson: string | null, numHeads: number): string {
  let before: { readonly model_args?: object } = {};
  try {
    const parsed: unknown = JSON.parse(configJson ?? '{}');
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) before = parsed;
  } catch {
    // Nobody could have read it either.
  }
  const model_args = { ...before.model_args, num_heads: numHeads };
  return JSON.stringify({ ...before, model_args, num_attention_heads: numHeads });
}
