'use client';

/** The teacher quantized after training, bit by bit. */
export default function PrecisionTab() {
  return null;
}
