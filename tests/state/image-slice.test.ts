import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '@/state/fingerprint';
import { DEFAULT_OPTIONS } from '@/lib/images/preprocessing';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { ownImage, ownRecord, pixelsKey } from '@/state/image-slice';
import { acceptedFields } from '@/state/selection-url';

const photo = {
  width: 30,
  height: 40,
  data: Uint8ClampedArray.from({ length: 4800 }, (_, i) => (i % 4 === 3 ? 255 : i % 251)),
};

describe('fingerprint', () => {
  it('is 16 hexadecimal digits, alike for equal bytes and different for a changed one', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 900 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, by) => {
          const changed = Uint8Array.from(bytes);
          changed[at % bytes.length] = ((bytes[at % bytes.length] ?? 0) + by) % 256;
          expect(fingerprint(bytes)).toMatch(/^[0-9a-f]{16}$/);
          expect(fingerprint(Uint8Array.from(bytes))).toBe(fingerprint(bytes));
          expect(fingerprint(changed)).not.toBe(fingerprint(bytes));
        },
      ),
    );
  });

  it('tells twenty thousand similar pictures apart', () => {
    const seen = new Set<string>();
    for (let at = 0; at < 784; at++) {
      for (let value = 1; value <= 26; value++) {
        const bytes = new Uint8Array(784);
        bytes[at] = value;
        seen.add(fingerprint(bytes));
      }
    }
    expect(seen.size).toBe(784 * 26);
  });
});

describe('a person’s own picture', () => {
  it('has a key that the address can hold, the same for the same picture', () => {
    const { key } = ownRecord(photo, 'a.png');
    expect(acceptedFields({ image: key })).toEqual({ image: key });
    expect(ownRecord({ ...photo, data: Uint8ClampedArray.from(photo.data) }, 'b.png').key).toBe(key);
    expect(ownRecord({ ...photo, width: 40, height: 30 }, 'a.png').key).not.toBe(key);
  });

  it('shows what its options came to, and other options give other pixels', async () => {
    const { preprocessing } = DEFAULT_FAMILY;
    const record = ownRecord(photo, 'a.png');
    const plain = await ownImage(record, preprocessing);
    expect(plain.applied.crop).toEqual({ x: 0, y: 5, size: 30 });
    expect(plain.pixels).toHaveLength(784);
    const options = { ...DEFAULT_OPTIONS, invert: !plain.applied.inverted };
    const inverted = await ownImage({ ...record, options }, preprocessing);
    expect(pixelsKey(inverted)).not.toBe(pixelsKey(plain));
    expect(inverted.key).toBe(plain.key);
  });
});
