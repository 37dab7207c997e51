/** What the Models page knows: types and plain data only. */
import type { DownloadProgress } from '@/lib/checkpoints/download';
import type { HubFile } from '@/lib/checkpoints/hub';
import type { CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import type { Notice } from '@/state/app-state';
import type { CheckpointReport, GoldenReport } from '@/engine/protocol';

/** A repository of the hub, as far as anything was asked of it. */
export interface Offer {
  /** What the hub says of it; `null` before it was asked. */
  readonly file: HubFile | null;
  readonly phase: 'idle' | 'asking' | 'fetching';
  readonly progress: DownloadProgress | null;
  /** Kept from an unfinished download, bytes. */
  readonly partialBytes: number;
  /** Why the last try ended, in a sentence. */
  readonly trouble: string | null;
}

export const UNASKED: Offer = { file: null, phase: 'idle', progress: null, partialBytes: 0, trouble: null };

/** A kept checkpoint that was looked into. */
export interface Inspected {
  readonly id: string;
  readonly label: string;
  readonly report: CheckpointReport;
  /** Heads of each layer that somebody stated; `null`: the file says so itself, or they are assumed. */
  readonly numHeads: number | null;
}

/** Files that wait for a number which the checkpoint does not tell. */
export interface HeadsQuestion {
  readonly fileName: string;
  /** Why it is asked. */
  readonly sentence: string;
  readonly files: readonly DroppedFile[];
}

/** A checkpoint that was run here against what PyTorch gave for it. */
export interface Compared {
  readonly checkpoint: string;
  readonly golden: string;
  readonly report: GoldenReport;
}

/** What is going on with files that were dropped. */
export interface Work {
  readonly what: string;
  /** 0..1; `null` where no end is known. */
  readonly progress: number | null;
}

export interface ModelsState {
  /** Newest first; `null` until the cache was read. */
  readonly kept: readonly CachedCheckpoint[] | null;
  /** False where nothing outlives the page. */
  readonly isLasting: boolean;
  readonly storage: { readonly usageBytes: number; readonly quotaBytes: number } | null;
  /** By repository. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Repositories without a ready card that the user typed, newest first. */
  readonly typed: readonly string[];
  readonly work: Work | null;
  readonly question: HeadsQuestion | null;
  readonly inspected: Inspected | null;
  readonly compared: Compared | null;
  readonly notices: readonly Notice[];
}

export const INITIAL_MODELS: ModelsState = {
  kept: null,
  isLasting: true,
  storage: null,
  offers: new Map(),
  typed: [],
  work: null,
  question: null,
  inspected: null,
  compared: null,
  notices: [],
};

/** What may be done there; what goes wrong is told in the state, and none of it rejects. */
export interface ModelsActions {
  /** Takes in what a person typed: a repository, or the address of its page. @returns whether it is one */
  readonly add: (text: string) => boolean;
  /** Asks the hub what the repository holds. */
  readonly ask: (repo: string) => Promise<void>;
  /** Fetches its weights; asks first where that was not done. */
  readonly fetch: (repo: string) => Promise<void>;
  /** What has arrived stays, for another try. */
  readonly cancel: (repo: string) => void;
  readonly remove: (id: string) => Promise<void>;
  readonly removeAll: () => Promise<void>;
  /** Files that were dropped or chosen: a checkpoint, or one with what PyTorch gave for it. */
  readonly take: (files: readonly DroppedFile[]) => Promise<void>;
  /** Takes the files that wait, whose checkpoint has so many heads in each layer. */
  readonly answerHeads: (numHeads: number) => Promise<void>;
  /** Lists what a kept checkpoint holds. */
  readonly look: (id: string) => Promise<void>;
  /** States how many heads the layers of a kept checkpoint have, which its shapes do not tell. */
  readonly setHeads: (id: string, numHeads: number) => Promise<void>;
  /** Ends what is going on with dropped files. */
  readonly cancelWork: () => void;
  readonly dismiss: (id: number) => void;
}

/** What is used of the DOM's `File`. */
export interface DroppedFile {
  readonly name: string;
  readonly size: number;
  readonly arrayBuffer: () => Promise<ArrayBuffer>;
}
