'use client';

/** What seven ways to binarize attention make of one row, and on average of a head. */
export default function BinarizersTab() {
  return null;
}
