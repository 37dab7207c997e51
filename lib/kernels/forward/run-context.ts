/** What the parts of a forward run with, and what an observer may see of them: types only. */
import type { WasmHost } from '@/lib/kernels/kernel-host';
import type { KernelExports } from '@/lib/kernels/wasm-module';

/** What a part of the model runs with. */
export interface RunContext {
  readonly kernels: KernelExports;
  readonly host: WasmHost;
  /** Address of the arena. */
  readonly base: number;
  /** Where the tokens of the image at hand are, f32 [N, C]. */
  readonly tokens: number;
  readonly observer: ForwardObserver;
}

/** Who wants to see more than logits. */
export interface ForwardObserver {
  /** A stage has ended. */
  readonly mark?: (stage: ForwardStage) => void;
  /** What a block let out, copies; for each image of a batch in turn. */
  readonly block?: (view: BlockView) => void;
  /** One block's attention, where all else would be copied in vain. */
  readonly heads?: HeadObserver;
}

export interface HeadObserver {
  /** Of this name. */
  readonly block: string;
  /** After each head of each window; what it sees are views, whose numbers are gone with the next call. */
  readonly see: (maps: HeadMaps, window: number, head: number) => void;
}

export interface HeadMaps {
  readonly scores: Float32Array; // [n, n]
  readonly attention: Float32Array; // [n, n]
  readonly attentionBinary: Float32Array; // [n, n]
}

export type ForwardStage = 'embed' | 'norm' | 'qkv' | 'attention' | 'proj' | 'fc1' | 'fc2' | 'merge' | 'classify';

export interface BlockView {
  readonly name: string;
  readonly tokensIn: Float32Array; // [N, C]
  /** Of all windows; dequantized. */
  readonly qBinary: Float32Array; // [windows, H, n, D]
  readonly kBinary: Float32Array; // [windows, H, n, D]
  readonly vBinary: Float32Array; // [windows, H, n, D]
  readonly scores: Float32Array; // [windows, H, n, n]
  readonly attention: Float32Array; // [windows, H, n, n]
  readonly attentionBinary: Float32Array; // [windows, H, n, n]
  readonly output: Float32Array; // [N, C]
}

/** A part of a model in the arena; made once, before the arena is settled. */
export interface FusedPart {
  /** Reads and writes the tokens in place. */
  run(at: RunContext): void;
}
