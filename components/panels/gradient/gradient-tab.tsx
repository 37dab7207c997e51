'use client';

/** The first cause: how little gradient gets through a binarized attention. */
export default function GradientTab() {
  return <p>The gradient panels come here.</p>;
}
