/** Arrays side by side in one tensor of tfjs's wasm backend, where the kernels find them by address. */
import type { WasmHost } from '@/lib/kernels/kernel-host';
import { tf } from '@/lib/tf';

/** Bytes from the arena's start. */
export type Offset = number & { readonly offset: unique symbol };

const ALIGNMENT = 64;

/** First put or reserve everything, then `settle`. */
export class Arena {
  private readonly parts: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  private size = ALIGNMENT;
  private tensor: tf.Tensor | null = null;

  put(values: Float32Array | Int32Array | Int16Array | Uint8Array): Offset {
    const offset = this.reserve(values.byteLength);
    this.parts.push({ offset, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    return offset;
  }

  /** Space for results; vector instructions may read and write up to 63 bytes past its end. */
  reserve(bytes: number): Offset {
    const offset = this.size;
    this.size += Math.ceil((bytes + ALIGNMENT) / ALIGNMENT) * ALIGNMENT;
    return offset as Offset;
  }

  get bytes(): number {
    return this.size;
  }

  /** Copies everything into a tensor that lives until `dispose`. */
  settle(): void {
    const words = new Float32Array(Math.ceil(this.size / 4));
    const all = new Uint8Array(words.buffer);
    for (const { offset, bytes } of this.parts) all.set(bytes, offset);
    this.parts.length = 0;
    this.tensor = tf.keep(tf.tensor1d(words));
  }

  /** The address of byte 0; tensors do not move. */
  address(host: WasmHost): number {
    if (this.tensor === null) throw new Error('the arena has no address before it is settled');
    return host.addressOf(this.tensor);
  }

  dispose(): void {
    this.tensor?.dispose();
    this.tensor = null;
  }
}
