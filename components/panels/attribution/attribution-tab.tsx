'use client';

/** What each input token is worth to the answer: by rollout through all layers, and by putting attention back and running on. */
export default function AttributionTab() {
  return null;
}
