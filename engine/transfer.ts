/** What crosses to the page without a copy: handed over, and gone from this side. */

/**
 * Buffers of traces that stay for the next question. They cross as copies: 7 MB take a few milliseconds, once, where a fresh
 * run of the models takes a hundred; and a buffer that was handed over would leave the kept trace empty.
 *
 * The copy is made on this side (`ownCopy`): traces of a large model have 60 MB, which the page would spend a fifth of a second on.
 */
const staying = new WeakSet<ArrayBuffer>();

/** The value as it is; from here on its buffers are copied, not handed over. */
export function keepHere<T>(value: T): T {
  for (const buffer of allBuffers(value)) staying.add(buffer);
  return value;
}

/** The same, with copies in the place of buffers that stay; the others move into it. */
export function ownCopy<T>(answer: T): T {
  return structuredClone(answer, { transfer: buffersOf(answer) });
}

/** Every buffer that the arrays of an answer stand on, however deep, each once; without those that stay. */
export function buffersOf(answer: unknown): ArrayBuffer[] {
  return [...allBuffers(answer)].filter((buffer) => !staying.has(buffer));
}

function allBuffers(answer: unknown): ReadonlySet<ArrayBuffer> {
  const buffers = new Set<ArrayBuffer>();
  const seen = new Set<object>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (ArrayBuffer.isView(part)) {
      // A shared buffer cannot be transferred, and needs no transfer.
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
    } else if (part instanceof ArrayBuffer) {
      buffers.add(part);
    } else {
      for (const each of Object.values(part)) visit(each);
    }
  };
  visit(answer);
  return buffers;
}
