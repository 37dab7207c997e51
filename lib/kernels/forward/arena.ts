/** Numbers laid side by side in one tensor of tfjs's wasm backend, where the kernels find them by address. */
import type { WasmHost } from '@/lib/kernels/kernel-host';
import { tf } from '@/lib/tf';

/** Where a list of numbers will lie, in bytes from the arena's start. */
export type Place = number & { readonly place: unique symbol };

const ALIGNMENT = 64;

/** First everything is put or reserved, then `settle` makes the tensor. */
export class Arena {
  private readonly parts: { readonly place: number; readonly bytes: Uint8Array }[] = [];
  private size = ALIGNMENT;
  private tensor: tf.Tensor | null = null;

  /** @returns where it will lie */
  put(values: Float32Array | Int32Array | Int16Array | Uint8Array): Place {
    const place = this.reserve(values.byteLength);
    this.parts.push({ place, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    return place;
  }

  /** Room for what the kernels write; vectors may read and write past its end, by less than 64 bytes. */
  reserve(bytes: number): Place {
    const place = this.size;
    this.size += Math.ceil((bytes + ALIGNMENT) / ALIGNMENT) * ALIGNMENT;
    return place as Place;
  }

  get bytes(): number {
    return this.size;
  }

  /** One tensor of its own, which lives until `dispose`. */
  settle(): void {
    const words = new Float32Array(Math.ceil(this.size / 4));
    const all = new Uint8Array(words.buffer);
    for (const { place, bytes } of this.parts) all.set(bytes, place);
    this.parts.length = 0;
    this.tensor = tf.keep(tf.tensor1d(words));
  }

  /** The address of byte 0; tensors stay where they are. */
  address(host: WasmHost): number {
    if (this.tensor === null) throw new Error('the arena was asked for its address before it was settled');
    return host.addressOf(this.tensor);
  }

  dispose(): void {
    this.tensor?.dispose();
    this.tensor = null;
  }
}
