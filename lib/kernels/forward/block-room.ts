/** Where a block computes. */
import type { Place } from '@/lib/kernels/forward/arena';
import type { BlockSpec } from '@/lib/kernels/forward/spec';

export const ROOMS = [
  'bits',
  'hiddenBits',
  'floats',
  'qBits',
  'kBits',
  'bytes',
  'values',
  'keyPanels',
  'valuePanels',
  'scratch',
  'record',
] as const;

/** Where what a block computes on its way lies; the blocks of a model take turns. */
export type BlockRoom = { readonly [Name in (typeof ROOMS)[number]]: Place };

/** A block, as those see it who read what it left behind. */
export interface ViewedBlock {
  readonly spec: BlockSpec;
  readonly room: BlockRoom;
  readonly rows: number;
  readonly width: number;
  /** Bytes from row to row of what is a byte each: whole panels. */
  readonly byteStride: number;
}
