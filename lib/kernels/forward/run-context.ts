/** What the parts of a forward receive, and what an observer can read: types only. */
import type { WasmHost } from '@/lib/kernels/kernel-host';
import type { KernelExports } from '@/lib/kernels/wasm-module';

export interface RunContext {
  readonly kernels: KernelExports;
  readonly host: WasmHost;
  /** Address of the arena. */
  readonly base: number;
  /** Address of the image's tokens, f32 [N, C]. */
  readonly tokens: number;
  readonly observer: ForwardObserver;
}

/** A part of a model, created before its arena is settled. */
export interface FusedPart {
  /** Overwrites the tokens. */
  run(context: RunContext): void;
}

/** Callbacks for those who need more than logits. */
export interface ForwardObserver {
  /** A stage has ended. */
  readonly mark?: (stage: ForwardStage) => void;
  /** Copies of what a block computed, for each image of the batch. */
  readonly block?: (view: BlockView) => void;
  /** Only one block's attention, without copies. */
  readonly heads?: HeadObserver;
}

export interface HeadObserver {
  /** Name of the block. */
  readonly block: string;
  /** Called after each head of each window; the maps are views that the next head overwrites. */
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
  /** Dequantized. */
  readonly qBinary: Float32Array; // [windows, H, n, D]
  readonly kBinary: Float32Array; // [windows, H, n, D]
  readonly vBinary: Float32Array; // [windows, H, n, D]
  readonly scores: Float32Array; // [windows, H, n, n]
  readonly attention: Float32Array; // [windows, H, n, n]
  readonly attentionBinary: Float32Array; // [windows, H, n, n]
  readonly output: Float32Array; // [N, C]
}
