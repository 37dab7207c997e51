import { CheckpointError } from '@/lib/checkpoints/checkpoint';

/** Longer integers than these are nobody's shape, offset or step counter. */
const MAX_LONG_BYTES = 64;
const MAX_LINE_BYTES = 1024;

/** The operands of a pickle's instructions, read one after the other; little-endian unless said otherwise. */
export class PickleBytes {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** @throws CheckpointError beyond 2^53 */
  uint64(): number {
    const value = Number(this.view.getBigUint64(this.take(8), true));
    if (!Number.isSafeInteger(value)) throw cutOff();
    return value;
  }

  /** Big-endian, alone among the operands. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** A two's complement integer of `length` bytes: a number where one holds it exactly, a bigint else. */
  long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw cutOff();
    const start = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.view.getUint8(start + i));
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  /** UTF-8; bytes that are none of it become replacement characters. */
  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  /** A view. */
  bytes(length: number): Uint8Array {
    const start = this.take(length);
    return this.data.subarray(start, start + length);
  }

  /** Up to a line feed, without it. */
  line(): string {
    const end = this.data.indexOf(0x0a, this.at);
    if (end < 0 || end - this.at > MAX_LINE_BYTES) throw cutOff();
    const text = this.text(end - this.at);
    this.take(1);
    return text;
  }

  private take(length: number): number {
    const start = this.at;
    if (length > this.data.byteLength - start) throw cutOff();
    this.at += length;
    return start;
  }
}

function cutOff(): CheckpointError {
  return new CheckpointError(
    'The list of tensors in this .pth file ends in the middle of a value. Download or export the file again.',
  );
}
