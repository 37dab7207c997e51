/**
 * One polite live region for all charts: what the pointer is on, said when it rests.
 *
 * The keyboard needs none of this: a focused cell carries its place and number in its own name, and saying it twice would only hinder.
 */
const REGION_ID = 'lens-chart-announcements';

/** A pointer that only passes by says nothing. */
const REST_MS = 300;

let timer: ReturnType<typeof setTimeout> | null = null;

/** Says a sentence after the pointer has rested; a newer one takes its place, '' only cancels. */
export function announceAtRest(sentence: string): void {
  if (timer !== null) clearTimeout(timer);
  timer = sentence === '' ? null : setTimeout(() => announce(sentence), REST_MS);
}

/** Says a sentence at once. */
export function announce(sentence: string): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  region().textContent = sentence;
}

/** Made on first use and kept, so that assistive technology knows it before anything is said. */
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
