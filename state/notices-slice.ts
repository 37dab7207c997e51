/** What the user should know, until it is dismissed. */
import type { Notice } from '@/state/app-state';

/** More than these at once is noise; the oldest goes. */
export const NOTICES_KEPT = 4;

/** The same sentence is not said twice: it moves to the end. */
export function addNotice(notices: readonly Notice[], notice: Omit<Notice, 'id'>): readonly Notice[] {
  const id = 1 + Math.max(0, ...notices.map((other) => other.id));
  const others = notices.filter(({ title, sentence }) => title !== notice.title || sentence !== notice.sentence);
  return [...others, { ...notice, id }].slice(-NOTICES_KEPT);
}

export function removeNotice(notices: readonly Notice[], id: number): readonly Notice[] {
  return notices.filter((notice) => notice.id !== id);
}
