/** 64 bits as 16 hexadecimal digits: tells pictures apart, not meant against malice (and unlike SHA-256 at hand without TLS). */
export function fingerprint(bytes: ArrayLike<number>): string {
  // Two FNV-1a sums of 32 bits that start apart and take the bytes differently.
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul((b ^ (byte + 0x5b)) + i, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return [a, b].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
}
