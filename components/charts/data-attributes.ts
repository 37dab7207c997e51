import type { GridCell } from '@/lib/viz/grid-moves';

/** The numbers in a data attribute of the nearest element that has it, from an event's target outwards; none where no element has it. */
function numbersOf(target: EventTarget, attribute: string): readonly number[] {
  if (!(target instanceof Element)) return [];
  const value = target.closest(`[${attribute}]`)?.getAttribute(attribute);
  return value?.split(',').map(Number) ?? [];
}

/** Of a cell that says where it is: `data-at="2,3"`. */
export function gridCellAt(target: EventTarget): GridCell | null {
  const [row, column] = numbersOf(target, 'data-at');
  return row === undefined || column === undefined ? null : { row, column };
}

/** Of an element that says which it is, by one number: `data-token="12"`. */
export function indexOf(target: EventTarget, attribute: `data-${string}`): number | null {
  return numbersOf(target, attribute)[0] ?? null;
}

/**
 * The token of a cell (`data-token`), or of a picture whose patches have no cells each (`data-patches`: columns, rows, class tokens)
 * the one under the pointer.
 */
export function tokenOf(
  target: EventTarget,
  pointer: { readonly clientX: number; readonly clientY: number } | null = null,
): number | null {
  const picture = target instanceof Element ? target.closest('[data-patches]') : null;
  if (picture === null || pointer === null) return indexOf(target, 'data-token');
  const [columns = 1, rows = 1, classTokens = 0] = numbersOf(picture, 'data-patches');
  const { left, top, width, height } = picture.getBoundingClientRect();
  const column = Math.floor(((pointer.clientX - left) / width) * columns);
  const row = Math.floor(((pointer.clientY - top) / height) * rows);
  if (!(column >= 0 && column < columns && row >= 0 && row < rows)) return null;
  return classTokens + row * columns + column;
}
