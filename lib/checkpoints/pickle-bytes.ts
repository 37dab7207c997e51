import { CheckpointError } from '@/lib/checkpoints/checkpoint';

/** No shape, offset or step counter has longer integers. */
const MAX_LONG_BYTES = 64;
const MAX_LINE_BYTES = 1024;

/** The operands of a pickle's instructions, read in order; little-endian unless noted. Each throws CheckpointError beyond the end. */
export class PickleBytes {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  readonly uint8 = (): number => this.view.getUint8(this.take(1));
  readonly uint16 = (): number => this.view.getUint16(this.take(2), true);
  readonly uint32 = (): number => this.view.getUint32(this.take(4), true);
  readonly int32 = (): number => this.view.getInt32(this.take(4), true);
  /** Big-endian, alone among the operands. */
  readonly float64 = (): number => this.view.getFloat64(this.take(8), false);
  /** A length: beyond 2^53 it is rounded, and longer than any file. */
  readonly uint64 = (): number => Number(this.view.getBigUint64(this.take(8), true));

  /** A two's complement integer of `length` bytes: a number where that is exact, else a bigint. */
  long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw cutOff();
    const value = this.bytes(length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  /** UTF-8; invalid bytes become replacement characters. */
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
