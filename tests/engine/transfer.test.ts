import { describe, expect, it } from 'vitest';
import { buffersOf, keepHere, ownCopy } from '@/engine/transfer';

describe('what crosses without a copy', () => {
  it('is every buffer, however deep it lies, each once', () => {
    const shared = new Float32Array(4);
    const deep = new Float32Array(2);
    const answer = { a: shared, b: [shared.subarray(1), { c: deep, d: null }], text: 'x', n: 3, none: undefined };
    expect(new Set(buffersOf(answer))).toEqual(new Set([shared.buffer, deep.buffer]));
    expect(buffersOf(answer)).toHaveLength(2);
  });

  it('is found also where an answer leads back to itself', () => {
    const answer: { self?: unknown; values: Float32Array } = { values: new Float32Array(1) };
    answer.self = answer;
    expect(buffersOf(answer)).toEqual([answer.values.buffer]);
  });

  it('is not what stays for the next question: that is copied, and still whole afterwards', () => {
    const kept = keepHere({ values: Float32Array.of(1, 2, 3) });
    const answer = { kept, fresh: Float32Array.of(4) };
    const received = structuredClone(answer, { transfer: buffersOf(answer) });
    expect(received.kept.values).toEqual(Float32Array.of(1, 2, 3));
    expect(received.fresh).toEqual(Float32Array.of(4));
    expect(kept.values).toEqual(Float32Array.of(1, 2, 3));
    expect(answer.fresh).toHaveLength(0);
  });

  it('leaves shared memory alone', () => {
    expect(buffersOf({ values: new Float32Array(new SharedArrayBuffer(8)) })).toEqual([]);
  });
});

describe('an answer’s own copy', () => {
  it('has copies of what stays, moves the rest, and can be handed over whole', () => {
    const kept = keepHere({ attention: new Float32Array([1, 2, 3]) });
    const fresh = new Float32Array([4, 5]);
    const copy = ownCopy({ kept, fresh, loss: null });
    expect(copy).toEqual({
      kept: { attention: new Float32Array([1, 2, 3]) },
      fresh: new Float32Array([4, 5]),
      loss: null,
    });
    expect(kept.attention).toEqual(new Float32Array([1, 2, 3]));
    expect(fresh.byteLength).toBe(0);
    expect(buffersOf(copy)).toHaveLength(2);
  });
});
