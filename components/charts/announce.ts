/**
 * One polite live region for all charts: it says what the pointer rests on. Focused cells need none of this: their own names say it.
 */
import { useEffect } from 'react';

const REGION_ID = 'lens-chart-announcements';
const REST_MS = 300;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a sentence at once. */
export function announce(sentence: string): void {
  clearTimeout(timer);
  region().textContent = sentence;
}

/** Says a sentence once the pointer has rested; a newer one replaces it, '' only cancels. */
function announceAtRest(sentence: string): void {
  clearTimeout(timer);
  if (sentence !== '') timer = setTimeout(() => announce(sentence), REST_MS);
}

/** `announceAtRest`, cancelled when the chart unmounts. */
export function useAnnounceAtRest(): typeof announceAtRest {
  useEffect(() => () => announceAtRest(''), []);
  return announceAtRest;
}

/** Made on first use and kept: assistive technology must know it before anything is said. */
function region(): HTMLElement {
  const known = document.getElementById(REGION_ID);
  if (known !== null) return known;
  const made = document.createElement('div');
  made.id = REGION_ID;
  made.className = 'lens-visually-hidden';
  made.setAttribute('role', 'status');
  made.setAttribute('aria-live', 'polite');
  document.body.append(made);
  return made;
}
